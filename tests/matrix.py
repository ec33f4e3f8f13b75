"""Matrices a non-programmer can read: a row a permission, a column a state, in the cells letters for roles."""

from coopcms.security.roles import R

#: The letters of the cells; "." is nobody.
LETTERS = {
    "E": R.EVERYONE,
    "M": R.MEMBER,
    "K": R.CERTIFIER,
    "S": R.STAFF,
    "C": R.COORDINATOR,
    "A": R.ADMIN,
    "V": R.TEAM,
    "W": R.VERIFIER,
    "B": R.AUDITOR,
    "P": R.AUTHOR,
    "R": R.VOTER,
    "T": R.CLOCK,
    "Z": R.CLOSING,
}

#: Who is who in ``tests.world``, by the letters; ``voisine`` is staff of another company, ``visitor`` has no account.
ACTORS = {
    "visitor": "E",
    "membre": "EM",
    "certificatrice": "EMK",
    "entreprise": "ES",
    "voisine": "E",
    "equipe": "EC",
    "admin": "EA",
    "clock": "ET",
    "closing": "EZ",
}


def read(text):
    """``{state: {permission: letters}}`` of a matrix written as text."""
    (_corner, *columns), *rows = (line.split() for line in text.strip().splitlines())
    for row in rows:
        assert len(row) == len(columns) + 1, f"the row “{row[0]}” has {len(row) - 1} cells"
        assert set("".join(row[1:])) <= {*LETTERS, "."}, f"unknown letter in the row “{row[0]}”"
    return {state: {row[0]: row[place + 1].replace(".", "") for row in rows} for place, state in enumerate(columns)}


def letters(roles):
    """The letters of a set of roles, sorted, for a message one can compare."""
    known = {role: letter for letter, role in LETTERS.items()}
    return "".join(sorted(known.get(role, str(role)) for role in roles))


def steps(text):
    """``{transition: ((source, …), target)}`` of lines such as ``decline: applied → declined``."""
    found = {}
    for line in text.strip().splitlines():
        id, _colon, way = line.partition(":")
        sources, _arrow, target = way.partition("→")
        found[id.strip()] = (tuple(s.strip() for s in sources.split(",")), target.strip())
    return found

"""People who write at the same time at several processes of one site, by the real forms."""

import itertools
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from coopcms.domain.consistency import check

from .serving import Caller, build_world

#: Who speaks: everybody whom the world lets speak on a company that applied.
SPEAKERS = ("membre", "certificatrice", "certificateur", "visiteuse", "visiteur", "entreprise", "equipe", "equipe2")
ADDRESS = "/companies/candidate/comments"
#: Of so many comments one is sent twice at the same moment, to two processes, as by a double click.
TWICE = 5
FULL = 5_000  #: comments of the count at full size


def discuss(place, *, processes, comments):
    """So many comments on one company, at so many processes at once: how many a second, and how many requests were tried again.

    :raises AssertionError: somebody saw an error, or a comment is lost, doubled or not counted
    """
    place.change("coopcms.forms_per_hour", comments)
    place.prepare(build_world)
    with place.several(processes) as servers:
        speakers = [Caller(servers[0].url).log_in(login) for login in SPEAKERS]
        texts = [f"Commentaire {number}." for number in range(comments)]
        shares = [texts[number :: len(speakers)] for number in range(len(speakers))]
        begun = time.monotonic()
        with ThreadPoolExecutor(2 * len(speakers)) as pool:
            turns = [pool.submit(speak, pool, *turn, servers) for turn in zip(speakers, shares, strict=True)]
            statuses = sum((turn.result() for turn in turns), Counter())
        seconds = time.monotonic() - begun
        shown = [re.search(r"(\d+) commentaires", Caller(server.url).get(ADDRESS)[1]) for server in servers]
    logs = "".join(server.log.read_text() for server in servers)
    with place.opened() as site:
        discussion = site["companies"]["candidate"].discussion
        kept, count = Counter(comment.text for _key, comment in discussion.items()), discussion.count
        assert not any(check(site).values())
    assert set(statuses) == {200, 303}, (statuses, logs[-4000:])
    assert kept == Counter(texts)
    assert count == comments
    assert [int(found.group(1)) for found in shown] == [comments] * processes
    assert "Traceback" not in logs, logs[-4000:]
    return comments / seconds, logs.count("is tried again")


def speak(pool, speaker, texts, servers):
    """Say all of these, each at the next process, with the page read before each: the statuses that came."""
    statuses = Counter()
    for number, (text, server) in enumerate(zip(texts, itertools.cycle(servers))):
        speaker.url = server.url
        fields = speaker.hidden(ADDRESS) | {"text": text, "save": "save"}
        again = pool.submit(speaker.post, servers[-1].url + ADDRESS, fields) if number % TWICE == 0 else None
        statuses[speaker.post(server.url + ADDRESS, fields)] += 1
        if again is not None:
            statuses[again.result()] += 1
        statuses[speaker.get(ADDRESS)[0]] += 1
    return statuses

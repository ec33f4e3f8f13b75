"""What is indexed, of which content."""

from typing import Any

from hypatia.text.lexicon import Lexicon
from substanced.catalog import Field, Keyword, Text, catalog_factory, indexview, indexview_defaults
from substanced.interfaces import MODE_DEFERRED

from ..content.account import Account
from ..content.audit import Audit
from ..content.company import Company
from ..content.dossier import PARTS
from ..content.french import FrenchWords, sort_key, words
from ..content.specification import SpecificationVersion
from ..text import folded
from ..workflows.dossier import COMMITMENTS


class FrenchText(Text):
    """A text index whose lexicon is made with it: one in the factory would belong to the first database of the process."""

    def __call__(self, catalog_name: str, index_name: str) -> Any:
        """The index."""
        index = Text(**self.kw, lexicon=Lexicon(FrenchWords()))(catalog_name, index_name)
        index.__factory_hash__ = hash(self)
        return index


@catalog_factory("coopcms")
class CoopcmsCatalog:
    """Indexes of the site's own catalog.

    Only ``text`` is deferred: one process drains its queue, and writers never meet in its word counts (docs/adr/0004).
    """

    type = Field()  #: "company", "version" …
    state = Field()
    sector = Field()
    region = Field()
    company = Field()  #: object id of the company
    staff = Keyword()  #: object ids of the accounts with a local role: staff, and who stands in for coordinators
    team = Keyword()  #: object ids of the accounts in the team of an audit
    body = Field()  #: object id of the accredited body of an audit
    sortable = Field()  #: title as titles are ordered
    since = Field()  #: when the state was reached, seconds since 1970
    name_words = Keyword()  #: stems of the title: found at once, before ``text`` is drained
    text = FrenchText(action_mode=MODE_DEFERRED)
    email = Field()  #: of accounts, folded


@indexview_defaults(catalog_name="coopcms", context=Company)
class CompanyIndexViews:
    """A company as the directory and the worklists look for it."""

    def __init__(self, resource: Company) -> None:
        self.resource = resource

    @indexview()
    def type(self, default: Any) -> Any:
        return "company"

    @indexview()
    def state(self, default: Any) -> Any:
        return self.resource.state or default

    @indexview()
    def sector(self, default: Any) -> Any:
        return self.resource.value("sector") or default

    @indexview()
    def region(self, default: Any) -> Any:
        return self.resource.value("region") or default

    @indexview()
    def staff(self, default: Any) -> Any:
        return [*self.resource.staff, *self.resource.stand_ins] or default

    @indexview()
    def sortable(self, default: Any) -> Any:
        return sort_key(self.resource.title)

    @indexview()
    def since(self, default: Any) -> Any:
        history = self.resource.history
        return int(history[history.maxKey()]["when"].timestamp()) if history else default

    @indexview()
    def name_words(self, default: Any) -> Any:
        return words(self.resource.title, small_words=True) or default

    @indexview()
    def text(self, default: Any) -> Any:
        company = self.resource
        texts = [company.title, *(company.value(f) for f in ("legal_name", "summary", "city", "region"))]
        texts += [company.statement(commitment) for commitment in COMMITMENTS]
        for part in PARTS:
            texts += [str(text) for text in company.values_of(part).values() if isinstance(text, str)]
        return "\n".join(texts)


@indexview_defaults(catalog_name="coopcms", context=SpecificationVersion)
class VersionIndexViews:
    """A specification version as the worklists look for it."""

    def __init__(self, resource: SpecificationVersion) -> None:
        self.resource = resource

    @indexview()
    def type(self, default: Any) -> Any:
        return "version"

    @indexview()
    def state(self, default: Any) -> Any:
        return self.resource.state or default

    @indexview()
    def sortable(self, default: Any) -> Any:
        return sort_key(self.resource.title)


@indexview_defaults(catalog_name="coopcms", context=Audit)
class AuditIndexViews:
    """An audit as the worklists look for it."""

    def __init__(self, resource: Audit) -> None:
        self.resource = resource

    @indexview()
    def type(self, default: Any) -> Any:
        return "audit"

    @indexview()
    def state(self, default: Any) -> Any:
        return self.resource.state or default

    @indexview()
    def team(self, default: Any) -> Any:
        return [*self.resource.team] or default

    @indexview()
    def body(self, default: Any) -> Any:
        return self.resource.body_id or default

    @indexview()
    def sortable(self, default: Any) -> Any:
        return sort_key(self.resource.title)

    @indexview()
    def since(self, default: Any) -> Any:
        history = self.resource.history
        return int(history[history.maxKey()]["when"].timestamp()) if history else default


@indexview_defaults(catalog_name="coopcms", context=Account)
class AccountIndexViews:
    """An account as the log-in looks for it."""

    def __init__(self, resource: Account) -> None:
        self.resource = resource

    @indexview()
    def type(self, default: Any) -> Any:
        return "account"

    @indexview()
    def email(self, default: Any) -> Any:
        return folded(self.resource.email or "") or default

"""What the tests of the management interface share."""

import contextlib
import re
import shutil

import transaction
from ZODB.DB import DB
from ZODB.FileStorage import FileStorage

CANDIDATE = "/manage/companies/candidate"
USER = "/manage/principals/users/membre"
GROUP = "/manage/principals/groups/members"
NEW_PASSWORD = "une toute nouvelle phrase"
PAGES = [
    "/manage/@@contents",
    "/manage/@@services",
    "/manage/@@properties",
    "/manage/@@undo",
    "/manage/@@database",
    "/manage/@@database?show_evolve=1",
    "/manage/@@indexing",
    "/manage/companies/@@contents",
    f"{CANDIDATE}/@@contents",
    f"{CANDIDATE}/@@workflows",
    f"{CANDIDATE}/@@indexing",
    f"{CANDIDATE}/specifications/oeufs/1/@@workflows",
    "/manage/framework/1/@@workflows",
    "/manage/principals/@@contents",
    "/manage/principals/users/@@contents",
    "/manage/principals/users/@@add_user",
    "/manage/principals/groups/@@contents",
    "/manage/principals/resets/@@contents",
    f"{USER}/@@properties/Compte",
    f"{USER}/@@properties/R%C3%B4les",
    f"{USER}/@@change_password",
    f"{USER}/@@references",
    f"{USER}/@@indexing",
    f"{GROUP}/@@properties",
    "/manage/catalogs/@@contents",
    "/manage/catalogs/system/@@manage_catalog",
    "/manage/catalogs/system/@@search_catalog",
    "/manage/catalogs/system/@@contents",
    "/manage/catalogs/coopcms/state/@@manage_index",
    "/manage/locks/@@contents",
]
#: What Substance D has and this site has not: (page, of what).
REMOVED = [
    "/manage/@@auditing",
    "/manage/@@auditstream-sse",
    "/manage/@@add_folder",
    "/manage/@@add_file",
    "/manage/@@upload",
    "/manage/@@add_principals_service",
    "/manage/@@add_lock_service",
    "/manage/@@preview_image_upload",
    "/manage/companies/@@add_folder",
    "/manage/companies/@@upload",
    "/manage/catalogs/@@add_catalog",
    "/manage/locks/@@add_lock",
    "/manage/principals/groups/@@add_group",
    f"{CANDIDATE}/@@properties",
    f"{CANDIDATE}/@@upload",
    f"{CANDIDATE}/@@add_file",
    "/manage/@@undo_recent?undohash=x",
    "/manage/@@undo_multiple",
]


def token(app, path="/manage/@@contents"):
    return re.search(r'name="csrf_token"\s+value="([^"]+)"', app.get(path).text).group(1)


def post(app, path, status=403, **fields):
    """Post by hand, with the token of the session; double underscores stand for points."""
    fields = {name.replace("__", "."): value for name, value in fields.items()}
    return app.post(path, {"csrf_token": token(app), **fields}, status=status)


def change_password(app, user, current, password):
    form = app.get(f"/manage/principals/users/{user}/@@change_password").forms["deform"]
    form["current"], form["password"], form["password-confirm"] = current, password, password
    return form.submit("change")


@contextlib.contextmanager
def keeping_history(application, folder):
    """The registry of an application on a database that keeps what was before: the one of the other tests keeps nothing."""
    registry = application.registry
    base = registry._zodb_databases[""]
    shutil.copy(base.storage.getName(), folder / "Data.fs")
    database = DB(FileStorage(str(folder / "Data.fs"), blob_dir=str(folder / "blobs")))
    registry._zodb_databases[""] = database
    if hasattr(registry, "coopcms_limiter"):
        del registry.coopcms_limiter
    yield registry
    transaction.abort()
    registry._zodb_databases[""] = base
    database.close()

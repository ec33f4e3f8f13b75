"""What a form leaves for the next page fits into a cookie, however many forms were sent before a page was looked at."""

from coopcms.views.base import MOST_LEFT, leave


class Session(dict):
    """The flash of a session."""

    def flash(self, text, queue):
        self.setdefault(queue, []).append(text)

    def pop_flash(self, queue):
        return self.pop(queue, [])


class Request:
    def __init__(self):
        self.session = Session()


def test_the_last_few_are_kept_each_once():
    request = Request()
    for number in range(40):
        leave(request, f"{number}", "success")
        leave(request, f"{number}", "success")
    leave(request, "autre", "danger")
    assert request.session["success"] == ["35", "36", "37", "38", "39"]
    assert len(request.session["success"]) == MOST_LEFT
    assert request.session["danger"] == ["autre"]

"""Files of tests that take ten seconds of processor time or more, browser and servers included; they start in this order.

Rounded, measured with ``COOPCMS_FULL`` unset.  A file that is missing here starts later, and nothing else happens.
"""

SLOWEST = {
    "functional/test_axe.py": 100,
    "functional/test_commands.py": 95,
    "functional/test_nothing_leaks.py": 94,
    "functional/test_first_start.py": 65,
    "functional/test_browser_drafts.py": 45,
    "functional/test_wrong_input.py": 40,
    "functional/test_storages.py": 37,
    "functional/test_full_disk.py": 34,
    "functional/test_votes_under_load.py": 30,
    "conventions/test_messages.py": 30,
    "functional/test_sent_twice.py": 26,
    "functional/test_browser_conflicts.py": 25,
    "functional/test_browser_admission.py": 21,
    "functional/test_browser_verification.py": 21,
    "functional/test_browser_journey.py": 20,
    "functional/test_comments_under_load.py": 19,
    "conventions/test_layers.py": 15,
    "conventions/test_views.py": 15,
    "functional/test_audit_pages.py": 12,
    "unit/seed/test_demo.py": 11,
    "functional/test_mail_by_processes.py": 11,
    "functional/test_login.py": 10,
    "functional/test_print.py": 10,
    "functional/test_vote_by_keyboard.py": 10,
}

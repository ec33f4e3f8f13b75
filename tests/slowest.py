"""Files of tests that take ten seconds of processor time or more, browser and servers included; they start in this order.

Rounded, measured with ``COOPCMS_FULL`` unset.  A file that is missing here starts later, and nothing else happens.
"""

SLOWEST = {
    "functional/test_axe.py": 100,
    "functional/test_commands.py": 91,
    "functional/test_nothing_leaks.py": 70,
    "functional/test_long_words.py": 60,
    "functional/test_first_start.py": 55,
    "conventions/test_messages.py": 50,
    "functional/test_browser_drafts.py": 45,
    "functional/test_wrong_input.py": 34,
    "functional/test_storages.py": 33,
    "functional/test_uploads_weigh.py": 32,
    "functional/test_any_bytes.py": 32,
    "functional/test_any_text.py": 30,
    "functional/test_full_disk.py": 28,
    "functional/test_browser_conflicts.py": 25,
    "functional/test_votes_under_load.py": 24,
    "functional/test_sent_twice.py": 24,
    "functional/test_browser_admission.py": 20,
    "functional/test_browser_verification.py": 19,
    "functional/test_uploads.py": 19,
    "functional/test_browser_journey.py": 16,
    "unit/seed/test_demo.py": 15,
    "conventions/test_views.py": 15,
    "functional/test_audit_pages.py": 14,
    "functional/test_comments_under_load.py": 13,
    "functional/test_upgrade.py": 12,
    "functional/test_browser_counter.py": 12,
    "functional/test_preview_of_texts.py": 12,
    "functional/test_login.py": 10,
    "functional/test_print.py": 10,
    "functional/test_vote_by_keyboard.py": 10,
}

"""The name of a file, as clients write it."""

import pytest

from coopcms.web.formdata import _filename


@pytest.mark.parametrize(
    ("disposition", "parsed", "name"),
    [
        ('form-data; name="upload"; filename="relevé.txt"', "relevé.txt", "relevé.txt"),
        ('form-data; name="upload"; filename="relevé "mai".txt"', "relevé ", 'relevé "mai".txt'),
        (r'form-data; name="upload"; filename="relevé \"mai\".txt"', "x", 'relevé "mai".txt'),
        (r'form-data; name="upload"; filename="C:\\Mes\\x.txt"', "x", r"C:\Mes\x.txt"),
        ("form-data; name=upload; filename*=UTF-8''relev%C3%A9.txt", "relevé.txt", "relevé.txt"),
        ('form-data; filename="x.txt"; name="upload"', "x.txt", "x.txt"),
        ('form-data; name="upload"; filename=""', "", ""),
    ],
)
def test_a_file_keeps_its_name_and_its_ending(disposition, parsed, name):
    assert _filename(disposition, parsed) == name

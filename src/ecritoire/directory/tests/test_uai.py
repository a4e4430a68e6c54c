import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecritoire.directory.uai import LETTERS, check_letter, is_valid


@pytest.mark.parametrize("code", ["0750655E", "0290046D", "0131549Z"])
def test_it_works(code):
    assert is_valid(code) == (check_letter(code[:7]) == code[7])
    assert is_valid(code[:7] + check_letter(code[:7]))


@given(st.integers(0, 9_999_999), st.sampled_from(LETTERS))
def test_one_letter_in_twenty_three_answers(number, letter):
    digits = f"{number:07d}"
    assert is_valid(digits + letter) == (letter == check_letter(digits))


@pytest.mark.parametrize("code", ["", "075065E", "0750655I", "0750655e", "07506555", "٠٧٥٠٦٥٥E"])
def test_other_forms_are_refused(code):
    assert not is_valid(code)

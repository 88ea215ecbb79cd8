"""Passwords that are tried first, and so protect nothing.

Lists of leaked passwords hold millions; what guessers get through within the few attempts that a lock-out leaves them
are a few hundred words, with digits and signs around them. So those words are kept, and what is around them does not
count. The words are those that lead every published list, the rows of the keyboard, and the names of this product.
"""

from __future__ import annotations

import re

_TRIED_FIRST = """
aaa abc abcd abcdef abcdefg abcdefgh abcdefghi access account admin administrator adminadmin alexander amanda
america andrea andrew angel anthony apple arsenal asdf asdfasdf asdfg asdfgh asdfghj asdfghjk asdfghjkl ashley
autumn azerty baby babygirl bailey barcelona baseball basketball batman bismillah blink buster butterfly changeit
changeme charlie cheese chelsea chocolate computer contrasena cookie corvette daniel default demo deploy deployment
diamond dragon eagles elizabeth eminem facebook falcon family ferrari flower football forever freedom friends
fuckyou gabriel george ginger google guest hallo hannah harley hello helloworld hockey hottie hunter iloveu iloveyou
internet jasmine jennifer jessica jesus jonathan jordan joshua justin killer knight letmein liverpool login london
love lovely loveme maggie manchester martin master matrix matthew maverick melissa mercedes merlin michael michelle
minecraft monkey monster mother mustang mynoob mypassword naruto nicole nopassword november october octopus
octopusdeploy operator orange pass passpass passport passwd password passwordpassword passwort passw pepper phoenix
pokemon polpo polpoadmin porsche princess purple qazwsx qazwsxedc qwe qweasd qweasdzxc qwer qwert qwertz qwerty
qwertyui qwertyuio qwertyuiop rainbow ranger robert rockyou root samantha samsung secret secure security server
service shadow silver slipknot snoopy soccer spider spring starwars steelers summer sunshine superman superstar
support system taylor teamo temp tennis test tester testing testtest thomas thunder tigger trustno trustnoone tweety
user username vanessa victoria welcome whatever william winter wizard xxx yankees yellow zaq zaqxsw zxcvb zxcvbn
zxcvbnm
"""
_WORDS = frozenset(_TRIED_FIRST.split())
_SIMILAR = str.maketrans("@4301!$57", "aaeoiisst")
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_ROWS = ("0123456789", "1234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_LONGEST = 20
_FEW = 3


def is_common(password: str) -> bool:
    """Whether it is a well-known word, however written, with no more than digits and signs around it; or no word at
    all but a few characters again and again, or keys in a row. Long passwords may hold such words.
    """
    plain = password.casefold().strip()
    if len(set(plain)) <= _FEW or _is_row(plain):
        return True
    if len(plain) > _LONGEST:
        return False
    return bool({_AROUND.sub("", plain), _AROUND.sub("", plain).translate(_SIMILAR)} & _WORDS) or not _bare(plain)


def _is_row(text: str) -> bool:
    return any(text in row * 3 or text in row[::-1] * 3 for row in _ROWS)


def _bare(plain: str) -> bool:
    """Whether anything is left that is more than the digits of a birthday or of a telephone."""
    return bool(_AROUND.sub("", plain)) or len(plain) > 12

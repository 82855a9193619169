"""Is a run of letters a word, or did a machine draw it: how often letters follow each other."""

from __future__ import annotations

#: Row a, column b: how often b follows a, 11 + log2(share) cut to 0..9. Counted over the 9,408
#: distinct words of four letters or more that stand three times in CPython 3.11's own modules.
_FOLLOWS = (
    "06772462615877061878554451"  # a
    "85658343762855760775723272"  # b
    "82548338607754932758642140"  # c
    "75569543932645742676632340"  # d
    "74786652403768464887355641"  # e
    "71557722901745852766723250"  # f
    "73549467700757640875743033"  # g
    "93359322803555830656520050"  # h
    "66766660102769752678160506"  # i
    "83658333733533953665933353"  # j
    "64569563813736654585536151"  # k
    "83469422813824850366642170"  # l
    "96459321804563880365612040"  # m
    "73788683715545753378553030"  # n
    "55773552535779670877756411"  # o
    "83458435704834870867623060"  # p
    "53454434443536433563934333"  # q
    "84669452804565850677543150"  # r
    "63749447825644672479734250"  # s
    "83659517802654751876634263"  # t
    "67657551601879571878200111"  # u
    "93529412812253642543232221"  # v
    "94568537813647753875345311"  # w
    "65768635811654681569433553"  # x
    "56667554711678691588456414"  # y
    "72259522822544852555422252"  # z
)
#: The score below which so many letter pairs are no word. Of real words under 1% score less, of
#: random letters 50% (five letters) to 90% (nine); fewer letters than five tell nothing.
_LEAST = {4: 4.75, 5: 5.0, 6: 5.5}
_LONGER = 5.75


def is_random(text: str) -> bool:
    """True where the letters of ``text`` follow each other as in no word.

    Pairs are counted within runs of letters; a capital after a small letter starts a new word.
    """
    total = pairs = 0
    last = ""
    for char in text:
        letter = char.lower() if char.isascii() and char.isalpha() else ""
        if letter and last and not (char.isupper() and last.islower()):
            total += int(_FOLLOWS[(ord(last.lower()) - 97) * 26 + ord(letter) - 97])
            pairs += 1
        last = char if letter else ""
    return pairs >= min(_LEAST) and total / pairs < _LEAST.get(pairs, _LONGER)

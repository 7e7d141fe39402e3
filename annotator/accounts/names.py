"""Names of accounts: their normal form, and what two of them that look alike have in common."""

import unicodedata

SCRIPTS = {"LATIN", "CYRILLIC", "GREEK"}
# Letters of other scripts that look like Latin ones, folded. Where only the capitals look alike
# (В and B), the capital decides: a name may be read in either. Greek nu is a v, upsilon a u.
LOOK_ALIKES = str.maketrans(
    # Cyrillic a, ve, ie, ka, em, en, o, er, es, te, u, ha, dze, i, je, komi de, shha, palochka,
    # qa, we, izhitsa, straight u.
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445"
    "\u0455\u0456\u0458\u0501\u04bb\u04cf\u051b\u051d\u0475\u04af"
    # Greek alpha, beta, gamma, epsilon, zeta, eta, iota, kappa, mu, nu, omicron, rho, tau, upsilon,
    # chi, yot.
    "\u03b1\u03b2\u03b3\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5"
    "\u03c7\u03f3"
    # Latin dotless i, alpha, script g, v with hook.
    "\u0131\u0251\u0261\u028b",
    "abekmhopctyxsijdhlqwvyabyezhikmvoptuxjiagv",
)
# What no reader sees and isprintable() lets pass: joiners, fillers, selectors of variants.
INVISIBLE = dict.fromkeys(
    [0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10),
     *range(0xE0100, 0xE01F0)]
)  # fmt: skip


def normal(name: str) -> str:
    """The one spelling of a name that stands for all that Unicode calls compatible (NFKC)."""
    return unicodedata.normalize("NFKC", name)


def skeleton(name: str) -> str:
    """What names that are easily taken for each other have in common; never shown."""
    folded = normal(normal(name).casefold())
    apart = unicodedata.normalize("NFD", folded)
    return apart.translate(INVISIBLE).translate(LOOK_ALIKES)


def mixes_scripts(name: str) -> bool:
    """Whether a name has letters of more than one script whose letters look alike."""
    described = [unicodedata.name(character, "").split()[:2] for character in normal(name)]
    return len(SCRIPTS & {word for words in described for word in words}) > 1

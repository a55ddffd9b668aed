"""Small samples: one text in several languages, and a language of a few words."""

from collections.abc import Mapping
from types import MappingProxyType

import torch

from mlmastery.language_model.baselines import BigramModel

ARTICLE_1: Mapping[str, str] = MappingProxyType(
    {
        "English": "All human beings are born free and equal in dignity and rights. "
        "They are endowed with reason and conscience and should act towards one "
        "another in a spirit of brotherhood.",
        "German": "Alle Menschen sind frei und gleich an Würde und Rechten geboren. "
        "Sie sind mit Vernunft und Gewissen begabt und sollen einander im Geist der "
        "Brüderlichkeit begegnen.",
        "Finnish": "Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja "
        "oikeuksiltaan. Heille on annettu järki ja omatunto, ja heidän on toimittava "
        "toisiaan kohtaan veljeyden hengessä.",
        "Russian": "Все люди рождаются свободными и равными в своем достоинстве и "
        "правах. Они наделены разумом и совестью и должны поступать в отношении друг "
        "друга в духе братства.",
        "Hindi": "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और "
        "समानता प्राप्त है। उन्हें बुद्धि और अन्तरात्मा की देन प्राप्त है और परस्पर उन्हें "
        "भाईचारे के भाव से बर्ताव करना चाहिए।",
        "Chinese": "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的"
        "精神相对待。",
    }
)
"""Article 1 of the Universal Declaration of Human Rights (United Nations, 1948).

>>> list(ARTICLE_1)
['English', 'German', 'Finnish', 'Russian', 'Hindi', 'Chinese']
"""

SPEECH: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        ".": {"the": 0.53, "his": 0.47},
        "the": {"king": 0.4, "queen": 0.3, "duke": 0.3},
        "his": {"mother": 0.52, "father": 0.48},
        "king": {"sleeps": 1.0},
        "queen": {"speaks": 0.4, "waits": 0.3, "weeps": 0.3},
        "duke": {"speaks": 0.4, "waits": 0.3, "weeps": 0.3},
        "mother": {"speaks": 0.4, "waits": 0.3, "weeps": 0.3},
        "father": {"speaks": 0.4, "waits": 0.3, "weeps": 0.3},
    }
)
"""A language of three-word sentences: the chance of each word after the word before.

>>> all(abs(sum(after.values()) - 1) < 1e-9 for after in SPEECH.values())
True
"""


def chain_model(
    chances: Mapping[str, Mapping[str, float]],
) -> tuple[BigramModel, list[str]]:
    """Make a model of given chances of each word after the word before.

    Parameters
    ----------
    chances : mapping of str to mapping of str to float
        A word without an entry may be followed by any, all alike.

    Returns
    -------
    tuple of BigramModel, list of str
        The model, and the words in the order of their ids.

    Raises
    ------
    ValueError
        If there is no word, or the chances after a word do not add up to one.

    Examples
    --------
    >>> model, words = chain_model({"to": {"be": 0.75, "go": 0.25}})
    >>> words
    ['to', 'be', 'go']
    >>> model(torch.tensor([[0]])).exp()[0, 0]
    tensor([0.0000, 0.7500, 0.2500])
    """
    if not chances:
        raise ValueError("chances must hold at least one word, got none")
    for word, after in chances.items():
        if min(after.values()) < 0 or abs(sum(after.values()) - 1) > 1e-6:
            raise ValueError(
                f"chances after {word!r} must be at least 0 and add up to 1, "
                f"got {dict(after)}"
            )
    words = list(dict.fromkeys([*chances, *(w for c in chances.values() for w in c)]))
    table = torch.zeros(len(words), len(words))
    for word, after in chances.items():
        for following, chance in after.items():
            table[words.index(word), words.index(following)] = chance
    table[table.sum(dim=1) == 0] = 1 / len(words)
    model = BigramModel(len(words))
    model.log_probabilities = table.log()
    return model, words

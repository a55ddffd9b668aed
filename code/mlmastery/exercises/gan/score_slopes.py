"""Exercise 16.2: Two slopes."""


# %% stub
def score_slopes(score):
    """Return the slopes of both generator losses in the score, as a list of two.

    The discriminator's probability is D = 1 / (1 + exp(-score)). The losses are
    log(1 - D), saturating, and -log D, in this order. Scores run from -800 to 800.
    """
    raise NotImplementedError


# %% solution
def score_slopes(score):
    import math

    def sigmoid(s):
        small = math.exp(-abs(s))
        return (1 if s >= 0 else small) / (1 + small)

    d, fake = sigmoid(score), sigmoid(-score)
    return [-d, -fake]


# %% wrong: "exp(800) overflows: use exp of minus the absolute score."
def score_slopes(score):
    import math

    def sigmoid(s):
        small = math.exp(-s)
        return 1 / (1 + small)

    d, fake = sigmoid(score), sigmoid(-score)
    return [-d, -fake]


# %% wrong: "A higher score lowers both losses: both slopes are negative."
def score_slopes(score):
    import math

    def sigmoid(s):
        small = math.exp(-abs(s))
        return (1 if s >= 0 else small) / (1 + small)

    d, fake = sigmoid(score), sigmoid(-score)
    return [d, fake]


# %% wrong: "The order: saturating first."
def score_slopes(score):
    import math

    def sigmoid(s):
        small = math.exp(-abs(s))
        return (1 if s >= 0 else small) / (1 + small)

    d, fake = sigmoid(score), sigmoid(-score)
    return [-fake, -d]


# %% wrong: "These are the slopes in D. Multiply by dD/ds = D (1 - D)."
def score_slopes(score):
    import math

    def sigmoid(s):
        small = math.exp(-abs(s))
        return (1 if s >= 0 else small) / (1 + small)

    d, fake = sigmoid(score), sigmoid(-score)
    return [-1 / max(fake, 1e-9), -1 / max(d, 1e-9)]


# %% wrong: "The chain rule is applied twice: -D is the whole slope."
def score_slopes(score):
    import math

    def sigmoid(s):
        small = math.exp(-abs(s))
        return (1 if s >= 0 else small) / (1 + small)

    d, fake = sigmoid(score), sigmoid(-score)
    return [-d * d * fake, -fake * d * fake]


# %% wrong: "These are the losses, not their slopes."
def score_slopes(score):
    import math

    def sigmoid(s):
        small = math.exp(-abs(s))
        return (1 if s >= 0 else small) / (1 + small)

    d, fake = sigmoid(score), sigmoid(-score)
    return [math.log(max(fake, 1e-300)), -math.log(max(d, 1e-300))]


# %% wrong: "The saturating slope is -D, not D (1 - D)."
def score_slopes(score):
    import math

    def sigmoid(s):
        small = math.exp(-abs(s))
        return (1 if s >= 0 else small) / (1 + small)

    d, fake = sigmoid(score), sigmoid(-score)
    return [-d * fake, -fake]


# %% wrong: "The non-saturating slope is -(1 - D), not -D (1 - D)."
def score_slopes(score):
    import math

    def sigmoid(s):
        small = math.exp(-abs(s))
        return (1 if s >= 0 else small) / (1 + small)

    d, fake = sigmoid(score), sigmoid(-score)
    return [-d, -d * fake]


# %% wrong: "The sign of the second loss is minus: -log D."
def score_slopes(score):
    import math

    def sigmoid(s):
        small = math.exp(-abs(s))
        return (1 if s >= 0 else small) / (1 + small)

    d, fake = sigmoid(score), sigmoid(-score)
    return [-d, fake]


# %% wrong: "The score is a logit, not a probability."
def score_slopes(score):
    import math

    def sigmoid(s):
        small = math.exp(-abs(s))
        return (1 if s >= 0 else small) / (1 + small)

    d, fake = score, 1 - score
    return [-d, -fake]


# %% wrong: "Both losses are asked for, and their slopes differ."
def score_slopes(score):
    import math

    def sigmoid(s):
        small = math.exp(-abs(s))
        return (1 if s >= 0 else small) / (1 + small)

    d = fake = sigmoid(score)
    return [-d, -fake]


# %% check
CASES = [
    Case("undecided", args=(0.0,), want=[-0.5, -0.5]),
    # log(1 / 3): D = 1/4
    Case("D = 1/4", args=(-1.0986122886681098,), want=[-0.25, -0.75]),
    Case("D = 3/5", args=(0.4054651081081644,), want=[-0.6, -0.4]),
    Case("D = 4/5", args=(1.3862943611198906,), want=[-0.8, -0.2]),
    Case("sure of a fake", args=(-800.0,), want=[0.0, -1.0]),
    Case("deceived", args=(800.0,), want=[-1.0, 0.0]),
]

"""Exercise 7.7: The loss of skip-gram."""


# %% stub
def sampling_loss(real, drawn):
    """Return the loss of one pair of words, in nats.

    real is the inner product with the real neighbour, drawn a list of the inner products with
    the words drawn at random. All lie between -50 and 50.
    """
    raise NotImplementedError


# %% solution
import math


def sampling_loss(real, drawn):
    loss = math.log(1 + math.exp(-real))
    for score in drawn:
        loss += math.log(1 + math.exp(score))
    return loss


# %% wrong: "The sign of the real neighbour: a large product must make its loss small."
import math


def sampling_loss(real, drawn):
    loss = math.log(1 + math.exp(real))
    for score in drawn:
        loss += math.log(1 + math.exp(score))
    return loss


# %% wrong: "The sign of the drawn words: a large product must make their loss large."
import math


def sampling_loss(real, drawn):
    loss = math.log(1 + math.exp(-real))
    for score in drawn:
        loss += math.log(1 + math.exp(-score))
    return loss


# %% wrong: "The words drawn at random are missing."
import math


def sampling_loss(real, drawn):
    return math.log(1 + math.exp(-real))


# %% wrong: "The real neighbour is missing."
import math


def sampling_loss(real, drawn):
    loss = 0.0
    for score in drawn:
        loss += math.log(1 + math.exp(score))
    return loss


# %% wrong: "Add the losses of the drawn words; do not average them."
import math


def sampling_loss(real, drawn):
    loss = math.log(1 + math.exp(-real))
    if drawn:
        loss += sum(math.log(1 + math.exp(s)) for s in drawn) / len(drawn)
    return loss


# %% wrong: "A loss is minus a log probability: the sign is missing."
import math


def sampling_loss(real, drawn):
    loss = math.log(1 + math.exp(-real))
    for score in drawn:
        loss += math.log(1 + math.exp(score))
    return -loss


# %% wrong: "Use the logarithm of the probability, not one minus the probability."
import math


def sampling_loss(real, drawn):
    loss = 1 - 1 / (1 + math.exp(-real))
    return loss + sum(1 / (1 + math.exp(-s)) for s in drawn)


# %% wrong: "Use the natural logarithm: nats, not bits."
import math


def sampling_loss(real, drawn):
    loss = math.log2(1 + math.exp(-real))
    for score in drawn:
        loss += math.log2(1 + math.exp(score))
    return loss


# %% wrong: "Each drawn word counts, also the last."
import math


def sampling_loss(real, drawn):
    loss = math.log(1 + math.exp(-real))
    for score in drawn[:-1]:
        loss += math.log(1 + math.exp(score))
    return loss


# %% wrong: "Each drawn word has a sigmoid of its own: do not add the products first."
import math


def sampling_loss(real, drawn):
    return math.log(1 + math.exp(-real)) + math.log(1 + math.exp(sum(drawn)))


# %% wrong: "This is a softmax over all candidates; negative sampling asks one yes-or-no question each."
import math


def sampling_loss(real, drawn):
    return -real + math.log(sum(math.exp(s) for s in [real, *drawn]))


# %% wrong: "Only the sum over drawn words is a loss here: products that are negative count too."
import math


def sampling_loss(real, drawn):
    loss = math.log(1 + math.exp(-real))
    return loss + sum(math.log(1 + math.exp(s)) for s in drawn if s > 0)


# %% wrong: "Squared errors of probabilities are another loss."
import math


def sampling_loss(real, drawn):
    loss = (1 - 1 / (1 + math.exp(-real))) ** 2
    return loss + sum((1 / (1 + math.exp(-s))) ** 2 for s in drawn)


# %% wrong: "Add the losses of all candidates; do not divide by their number."
import math


def sampling_loss(real, drawn):
    loss = math.log(1 + math.exp(-real))
    for score in drawn:
        loss += math.log(1 + math.exp(score))
    return loss / (1 + len(drawn))


# %% check
CASES = [
    Case(
        "all products zero", args=(0.0, [0.0, 0.0]), want=2.0794415416798357
    ),  # 3 ln 2
    Case("a clear real neighbour", args=(2.0, [-1.0]), want=0.44018969856119533),
    Case(
        "drawn words of both signs",
        args=(1.0, [3.0, -2.0, 0.5]),
        want=4.462854034315044,
    ),
    Case("no drawn word", args=(-1.0, []), want=1.3132616875182228),
]

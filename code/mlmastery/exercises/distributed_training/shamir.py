"""Exercise 22.10: A secret from its shares."""


# %% stub
def recover(shares, prime):
    """Return the polynomial's value at 0 from enough of its points.

    shares maps x to y, both from 0 to prime - 1; the polynomial's degree is
    below their number. All arithmetic is modulo the prime, where dividing by d
    means multiplying by pow(d, -1, prime).
    """
    raise NotImplementedError


# %% solution
def recover(shares, prime):
    secret = 0
    for x, y in shares.items():
        weight = 1
        for other in shares:
            if other != x:
                weight = weight * other * pow(other - x, -1, prime) % prime
        secret += y * weight
    return secret % prime


# %% wrong: "Shares are whole numbers modulo a prime. Ordinary division leaves them: use pow(d, -1, prime)."
def recover(shares, prime):
    secret = 0
    for x, y in shares.items():
        weight = 1
        for other in shares:
            if other != x:
                weight = weight * other / (other - x)
        secret += y * weight
    return secret % prime


# %% wrong: "The sum may exceed the prime: take the remainder at the end."
def recover(shares, prime):
    secret = 0
    for x, y in shares.items():
        weight = 1
        for other in shares:
            if other != x:
                weight = weight * other * pow(other - x, -1, prime) % prime
        secret += y * weight
    return secret


# %% wrong: "A plain mean of shares says nothing. Each needs its Lagrange weight: the product of other / (other - x)."
def recover(shares, prime):
    return sum(shares.values()) * pow(len(shares), -1, prime) % prime


# %% check
CASES = [
    # 13 + 4x, modulo 97
    Case("two shares of a line", args=({1: 17, 2: 21}, 97), want=13),
    # 42 + 5x + 96x², modulo 97: 46, 48, 48, 46, ...
    Case("three of a parabola", args=({1: 46, 2: 48, 4: 46}, 97), want=42),
    # 90 + 30x, modulo 101
    Case("round the corner", args=({1: 19, 4: 8}, 101), want=90),
]

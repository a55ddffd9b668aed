"""Exercise 22.10: A secret from its shares."""


# %% stub
def recover(shares, prime):
    """Return the polynomial's value at 0 from enough of its points.

    shares maps x, from 1 to prime - 1, to y, from 0 to prime - 1; the polynomial's
    degree is below their number. All arithmetic is modulo the prime, where dividing
    by d means multiplying by pow(d, -1, prime).
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


# %% wrong: "Shares are whole numbers modulo a prime. Ordinary division leaves them: multiply by the inverse."
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


# %% wrong: "A plain mean of shares says nothing. Each share has a weight of its own, which depends on all x."
def recover(shares, prime):
    return sum(shares.values()) * pow(len(shares), -1, prime) % prime


# %% wrong: "The sign is wrong: below the line stands other - x, not x - other."
def recover(shares, prime):
    secret = 0
    for x, y in shares.items():
        weight = 1
        for other in shares:
            if other != x:
                weight = weight * other * pow(x - other, -1, prime) % prime
        secret += y * weight
    return secret % prime


# %% wrong: "Above the line stands the other point, not the share's own."
def recover(shares, prime):
    secret = 0
    for x, y in shares.items():
        weight = 1
        for other in shares:
            if other != x:
                weight = weight * x * pow(other - x, -1, prime) % prime
        secret += y * weight
    return secret % prime


# %% wrong: "You multiplied by other - x. It stands below the line: multiply by its inverse."
def recover(shares, prime):
    secret = 0
    for x, y in shares.items():
        weight = 1
        for other in shares:
            if other != x:
                weight = weight * other * (other - x) % prime
        secret += y * weight
    return secret % prime


# %% wrong: "`//` drops what is left over. Modulo a prime, dividing means multiplying by the inverse."
def recover(shares, prime):
    secret = 0
    for x, y in shares.items():
        weight = 1
        for other in shares:
            if other != x:
                weight = weight * other // (other - x)
        secret += y * weight
    return secret % prime


# %% wrong: "You added up the weights alone. Each is multiplied by its y."
def recover(shares, prime):
    secret = 0
    for x in shares:
        weight = 1
        for other in shares:
            if other != x:
                weight = weight * other * pow(other - x, -1, prime) % prime
        secret += weight
    return secret % prime


# %% wrong: "The weight of one share goes on into the next. Start each at 1."
def recover(shares, prime):
    secret, weight = 0, 1
    for x, y in shares.items():
        for other in shares:
            if other != x:
                weight = weight * other * pow(other - x, -1, prime) % prime
        secret += y * weight
    return secret % prime


# %% wrong: "You used two shares only. Two points fix a line and no other polynomial."
def recover(shares, prime):
    points = dict(list(shares.items())[:2])
    secret = 0
    for x, y in points.items():
        weight = 1
        for other in points:
            if other != x:
                weight = weight * other * pow(other - x, -1, prime) % prime
        secret += y * weight
    return secret % prime


# %% wrong: "The secret is the value at 0. This is the value at 1."
def recover(shares, prime):
    secret = 0
    for x, y in shares.items():
        weight = 1
        for other in shares:
            if other != x:
                weight = weight * (other - 1) * pow(other - x, -1, prime) % prime
        secret += y * weight
    return secret % prime


# %% wrong: "The inverse is modulo the prime itself, not modulo one less."
def recover(shares, prime):
    secret = 0
    for x, y in shares.items():
        weight = 1
        for other in shares:
            if other != x:
                weight = weight * other * pow(other - x, -1, prime - 1) % prime
        secret += y * weight
    return secret % prime


# %% wrong: "The keys are the x. They need not be 1, 2, 3."
def recover(shares, prime):
    secret = 0
    for x, y in enumerate(shares.values(), 1):
        weight = 1
        for other in range(1, len(shares) + 1):
            if other != x:
                weight = weight * other * pow(other - x, -1, prime) % prime
        secret += y * weight
    return secret % prime


# %% wrong: "A share's own point has no factor in its weight: it would make other - x zero."
def recover(shares, prime):
    secret = 0
    for x, y in shares.items():
        weight = 1
        for other in shares:
            weight = weight * other * pow(other - x, -1, prime) % prime
        secret += y * weight
    return secret % prime


# %% check
_PRIME = 2**61 - 1
_line = {x: (123456789 + 987654321987654321 * x) % _PRIME for x in (11, 3)}
CASES = [
    # 13 + 4x, modulo 97
    Case("two shares of a line", args=({1: 17, 2: 21}, 97), want=13),
    # 42 + 5x + 96x², modulo 97: 46, 48, 48, 46, ...
    Case("three of a parabola", args=({1: 46, 2: 48, 4: 46}, 97), want=42),
    # 90 + 30x, modulo 101
    Case("round the corner", args=({1: 19, 4: 8}, 101), want=90),
    Case("one share of a constant", args=({5: 7}, 11), want=7),
    Case(
        "a prime of 61 bits, shares in any order", args=(_line, _PRIME), want=123456789
    ),
]

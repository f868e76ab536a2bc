"""The Q head: from one hidden state of a language model to P(success), now and after every next token.

    V(s)    = sigmoid(v(h))
    Q(s, a) = sigmoid(v(h) + <A h, B e_a>)

h is the base model's final hidden state (after its final norm) at the last token of s, v a small
network, e_a the row of the base model's output embedding for token a, A and B of a low rank r. Scoring
the whole vocabulary costs r multiplications a token where the base model's own logits cost d.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PretrainedConfig, PreTrainedModel


class QHeadConfig(PretrainedConfig):
    """Sizes of a Q head: `hidden_size` d of the base model, `rank` r, `inner_size` of the value network."""

    model_type = "qstar_q_head"

    def __init__(
        self,
        hidden_size: int = 256,
        rank: int = 32,
        inner_size: int = 128,
        base_model_name_or_path: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.hidden_size = hidden_size
        self.rank = rank
        self.inner_size = inner_size
        self.base_model_name_or_path = base_model_name_or_path
        super().__init__(**kwargs)


class QHead(PreTrainedModel):
    """V and Q as logits of P(success); saved and loaded apart from the base model's weights."""

    config_class = QHeadConfig
    base_model_prefix = ""
    main_input_name = "hidden"

    def __init__(self, config: QHeadConfig) -> None:
        super().__init__(config)
        d, r = config.hidden_size, config.rank
        self.value = nn.Sequential(nn.Linear(d, config.inner_size), nn.SiLU(), nn.Linear(config.inner_size, 1))
        self.state = nn.Linear(d, r)
        self.action = nn.Linear(d, r, bias=False)
        self.post_init()
        self._keys: tuple[Tensor, tuple[int, int], Tensor] | None = None

    def value_logits(self, hidden: Tensor) -> Tensor:
        """Logits of V: [..., d] -> [...]."""
        return self.value(hidden).squeeze(-1)

    def advantages(self, hidden: Tensor, embedding: Tensor, tokens: Tensor | None = None) -> Tensor:
        """<A h, B e_a>, in logits: shapes as in `q`."""
        state = self.state(hidden)
        if tokens is None:
            return state @ self.action_keys(embedding).T
        keys = self.action(embedding[tokens]) if torch.is_grad_enabled() else self.action_keys(embedding)[tokens]
        return torch.einsum("nr,nkr->nk", state, keys)

    def action_keys(self, embedding: Tensor) -> Tensor:
        """B e_a of every token, [vocabulary, r].

        Without gradients they are kept until the embedding or B changes: over a large vocabulary they
        cost more than a forward pass of one token.
        """
        weight = self.action.weight
        if torch.is_grad_enabled() or embedding.is_inference() or weight.is_inference():
            return self.action(embedding)
        versions = (embedding._version, weight._version)
        if self._keys is None or self._keys[0] is not embedding or self._keys[1] != versions:
            self._keys = (embedding, versions, self.action(embedding))
        return self._keys[2]

    def values(self, hidden: Tensor) -> Tensor:
        """P(success) from each state: [n, d] -> [n], in [0, 1]."""
        return torch.sigmoid(self.value_logits(hidden))

    def q(self, hidden: Tensor, embedding: Tensor, tokens: Tensor | None = None) -> Tensor:
        """P(success) after each listed token, or after every token of the vocabulary.

        `hidden` [n, d], `embedding` the base model's output embedding [vocabulary, d], `tokens` [n, k]
        -> [n, k]; without tokens [n, vocabulary].
        """
        return self(hidden, embedding, tokens)[1]

    def forward(self, hidden: Tensor, embedding: Tensor, tokens: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """`values` and `q` of the same states."""
        value = self.value_logits(hidden)
        advantage = self.advantages(hidden, embedding, tokens)
        return torch.sigmoid(value), torch.sigmoid(value.unsqueeze(-1) + advantage)


AutoConfig.register(QHeadConfig.model_type, QHeadConfig)
AutoModel.register(QHeadConfig, QHead)

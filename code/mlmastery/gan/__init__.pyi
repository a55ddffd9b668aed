from .averaging import averaged_copy, update_average
from .baseline import PCAGaussian
from .classifier import DigitClassifier
from .game import (
    bilinear_path,
    game_value,
    generator_slopes,
    js_divergence,
    optimal_discriminator,
    train_on_a_line,
)
from .images import split_digits, to_images
from .latent import latent_walk, lerp, slerp
from .losses import (
    bce_loss,
    discriminator_loss,
    generator_loss,
    gradient_norms,
    gradient_penalty,
    interpolate,
    penalised_loss,
    r1_penalty,
)
from .metrics import (
    frechet_distance,
    frechet_of_moments,
    nearest_distances,
    precision_recall,
)
from .networks import dcgan_generator, make_networks, multiply_adds
from .race import Judge, compare, entrant
from .ring import covered_modes, ring_centres, ring_points, train_ring
from .training import GAN

__all__ = [
    "GAN",
    "DigitClassifier",
    "Judge",
    "PCAGaussian",
    "averaged_copy",
    "bce_loss",
    "bilinear_path",
    "compare",
    "covered_modes",
    "dcgan_generator",
    "discriminator_loss",
    "entrant",
    "frechet_distance",
    "frechet_of_moments",
    "game_value",
    "generator_loss",
    "generator_slopes",
    "gradient_norms",
    "gradient_penalty",
    "interpolate",
    "js_divergence",
    "latent_walk",
    "lerp",
    "make_networks",
    "multiply_adds",
    "nearest_distances",
    "optimal_discriminator",
    "penalised_loss",
    "precision_recall",
    "r1_penalty",
    "ring_centres",
    "ring_points",
    "slerp",
    "split_digits",
    "to_images",
    "train_on_a_line",
    "train_ring",
    "update_average",
]

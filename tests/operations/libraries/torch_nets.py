"""Networks of PyTorch, made by hand: a small chain, residual networks, and models with all kinds of oddities."""

from typing import Any

import pytest

torch: Any = pytest.importorskip("torch", reason="PyTorch is not installed")
nn = torch.nn
Module: Any = nn.Module


def chain():
    """Make a chain of layers of all kinds, one of which is not explained."""
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
        nn.Sequential(nn.ConvTranspose2d(8, 4, (2, 3), stride=2, groups=2), nn.Dropout(0.9)),
        nn.Flatten(),
        nn.Linear(4 * 8 * 9, 5),
        nn.Softmax(1),
    )


class Block(Module):  # type: ignore[misc]
    """A residual block: what it reads is added to what it makes."""

    def __init__(self, channels, filters, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, filters, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(filters)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)
        self.downsample = None
        if stride > 1 or channels != filters:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, filters, 1, stride, bias=False), nn.BatchNorm2d(filters)
            )

    def forward(self, x):
        made = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        made += x if self.downsample is None else self.downsample(x)
        return self.relu(made)


class ResNet18(Module):  # type: ignore[misc]
    """He et al., Deep Residual Learning for Image Recognition (2015), table 1: the network of 18 layers."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        self.relu, self.maxpool = nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)
        self.stages = nn.Sequential(
            *(
                nn.Sequential(Block(channels, filters, stride), Block(filters, filters))
                for channels, filters, stride in ((64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2))
            )
        )
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d((1, 1)), nn.Linear(512, 1000)

    def forward(self, x):
        made = self.stages(self.maxpool(self.relu(self.bn1(self.conv1(x)))))
        return self.fc(torch.flatten(self.avgpool(made), 1))


class Computed(Module):  # type: ignore[misc]
    """A model whose layers are called by a function."""

    def __init__(self, forward, **layers):
        super().__init__()
        for name, layer in layers.items():
            self.add_module(name, layer)
        self.computed = forward

    def forward(self, x):
        return self.computed(self, x)

"""Lines that construct what the loop uses: scaler, model, criterion, optimizer, loader."""

from trainer.engine.vocabulary.line import Line

MODEL = """model = nn.Sequential(
    Linear(features, hidden, generator=init),
    nn.ReLU(),
    Linear(hidden, classes, generator=init),
)"""

MODEL_DROPOUT = """model = nn.Sequential(
    Linear(features, hidden, generator=init),
    nn.ReLU(),
    nn.Dropout(0.5),
    Linear(hidden, classes, generator=init),
)"""

MODEL_LINEAR = """model = nn.Sequential(
    Linear(features, hidden, generator=init),
    Linear(hidden, classes, generator=init),
)"""

MODEL_ONE = """model = nn.Sequential(
    Linear(features, hidden, generator=init),
    nn.ReLU(),
    Linear(hidden, 1, generator=init),
)"""

NET = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [
            Linear(features, hidden, generator=init),
            nn.ReLU(),
            Linear(hidden, classes, generator=init),
        ]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x"""

ZERO_WEIGHTS = """model.load_state_dict(
    {name: torch.zeros_like(value) for name, value in model.state_dict().items()}
)"""

LOADER = """loader = DataLoader(
    train, batch_size=batch_size, shuffle=True,
    generator=shuffle, collate_fn=tuple,
)"""

LOADER_ORDERED = """loader = DataLoader(
    train, batch_size=batch_size, shuffle=False,
    generator=shuffle, collate_fn=tuple,
)"""

LOADER_DROP_LAST = """loader = DataLoader(
    train, batch_size=batch_size, shuffle=True, drop_last=True,
    generator=shuffle, collate_fn=tuple,
)"""

LINES = (
    Line("init_seed", "setup", 0, "init = torch.Generator().manual_seed(seed)",
         "model-input", "", "A source of random numbers for the starting weights."),
    Line("shuffle_seed", "setup", 0, "shuffle = torch.Generator().manual_seed(seed)",
         "data-loading", "", "Another one for the order of the rows."),
    Line("scaler", "setup", 0, "scale = MinMaxScaler().fit(train.x)", "preprocessing", "",
         "Learns the smallest and largest value of each column, from the training rows alone."),
    Line("scaler_all", "setup", 0,
         "scale = MinMaxScaler().fit(torch.cat([train.x, heldout.x]))", "preprocessing", "",
         "Learns the bounds from the held-out rows too, which training should know nothing of."),
    Line("scaler_none", "setup", 0, "scale = nn.Identity()", "preprocessing", "",
         "Leaves every number as it is."),
    Line("bounds", "setup", 0,
         "low, high = train.x.min(dim=0).values, train.x.max(dim=0).values", "preprocessing", "",
         "The bounds of each column by hand, for a scaling by hand."),
    Line("bounds_rows", "setup", 0,
         "low, high = train.x.min(dim=1).values, train.x.max(dim=1).values", "preprocessing", "",
         "The bounds of each row, which mix measurements of different kinds."),
    Line("model", "setup", 0, MODEL, "model-input", "",
         "Two layers with a ReLU between them. Linear is nn.Linear, "
         "drawing its weights from `init`."),
    Line("model_dropout", "setup", 0, MODEL_DROPOUT, "model-input", "",
         "While it trains, Dropout sets half of the hidden values to zero, others in every batch. "
         "In eval mode it does nothing."),
    Line("model_linear", "setup", 0, MODEL_LINEAR, "model-input", "",
         "Two layers with nothing between them: together no more than one."),
    Line("model_one", "setup", 0, MODEL_ONE, "model-input", "",
         "One output in place of one per class: a number to come near to, not scores."),
    Line("net", "setup", 0, NET, "model-input", "",
         "A model with its layers in a plain list. PyTorch does not look into lists, so it finds "
         "no parameters."),
    Line("model_net", "setup", 0, "model = Net()", "model-input", "",
         "Makes such a model."),
    Line("zero_weights", "setup", 0, ZERO_WEIGHTS, "model-input", "",
         "Sets every weight and bias to zero."),
    Line("dead_units", "setup", 0, "nn.init.constant_(model[0].bias, -10.0)", "model-input", "",
         "So low a bias that no scaled row lifts a hidden unit above zero."),
    Line("criterion", "setup", 0, "criterion = nn.CrossEntropyLoss()", "loss", "",
         "Turns logits and labels into one number."),
    Line("criterion_sum", "setup", 0, 'criterion = nn.CrossEntropyLoss(reduction="sum")',
         "loss", "", "Adds the rows' losses up in place of taking their mean."),
    Line("criterion_mse", "setup", 0, "criterion = nn.MSELoss()", "loss", "",
         "Mean squared difference. It wants two tensors of the same shape."),
    Line("optimizer", "setup", 0, "optimizer = torch.optim.{optimizer}", "backpropagation", "",
         "Holds the parameters that it will change, and the rule by which it does."),
    Line("new_head", "setup", 0, "model[-1] = Linear(hidden, classes, generator=init)",
         "model-input", "",
         "A new last layer. An optimizer made before still holds the old one."),
    Line("scheduler", "setup", 0,
         "scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.8)",
         "backpropagation", "", "Will make the learning rate smaller, epoch by epoch."),
    Line("loader", "setup", 0, LOADER, "data-loading", "",
         "Deals the training rows in batches, in a new order each epoch. The data set hands over a "
         "whole batch at once, so collate_fn has nothing to stack."),
    Line("loader_ordered", "setup", 0, LOADER_ORDERED, "data-loading", "",
         "Deals the rows in the order in which they are stored, every epoch the same."),
    Line("loader_drop_last", "setup", 0, LOADER_DROP_LAST, "data-loading", "",
         "Leaves out a last batch that is not full."),
)  # fmt: skip

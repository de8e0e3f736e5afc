"""Training by many processes, each with its share of the documents. Needs PyTorch::

    torchrun --nproc-per-node 2 -m microgpt.ladder.ranks --batch 4

On several machines, `torchrun` is started on each, with the address of the first.

Chapter: PyTorch, and many machines.
"""

import argparse
import random
from itertools import cycle, islice

from torch import distributed

from microgpt import Config, Tokenizer, load_names
from microgpt.ladder.pytorch import GPT, Adam


def train(gpt, batches, rank, ranks):
    """Yield the loss of each batch, of which this process, a rank, learns a share."""
    adam = Adam(gpt.parameters())
    for number, batch in enumerate(batches):
        loss = sum(gpt.surprise(tokens) for tokens in batch[rank::ranks]) / len(batch)
        loss.backward()
        total = loss.detach()
        distributed.all_reduce(total)  # the sum over all processes
        distributed.all_reduce(gpt.theta.grad)
        adam.step(1 - number / len(batches))
        yield float(total)


def join():
    """Meet the processes that `torchrun` started, or be the only one."""
    if distributed.is_torchelastic_launched():
        distributed.init_process_group("gloo")
    else:
        store = distributed.HashStore()
        distributed.init_process_group("gloo", store=store, rank=0, world_size=1)
    return distributed.get_rank(), distributed.get_world_size()


def main():
    """Train on the names, and print the loss of each batch once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--batch", type=int, default=4, help="documents of a step")
    options = parser.parse_args()
    rank, ranks = join()
    if options.batch < 1 or options.batch % ranks:
        parser.error(f"--batch {options.batch} is no multiple of {ranks} processes")
    docs, rng = load_names(), random.Random(42)
    rng.shuffle(docs)
    tokenizer = Tokenizer(docs)
    gpt = GPT(Config(tokenizer.vocab_size), rng)
    tokens = map(tokenizer.encode, cycle(docs))
    batches = [list(islice(tokens, options.batch)) for _ in range(options.steps)]
    for number, loss in enumerate(train(gpt, batches, rank, ranks), 1):
        if rank == 0:
            print(f"step {number:5}  loss {loss:.9f}")
    distributed.destroy_process_group()


if __name__ == "__main__":
    main()

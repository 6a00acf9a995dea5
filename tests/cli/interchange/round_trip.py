# SPDX-License-Identifier: GPL-3.0-or-later
"""Datasets that vaco mix writes, opened by minari, h5py and d3rlpy.

usage: round_trip.py VACO FIXTURES; ends with 77 and a sentence where neither minari nor h5py is there.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

vaco, fixtures = sys.argv[1], pathlib.Path(sys.argv[2])
try:
    import h5py
    import numpy as np
except ImportError as missing:
    print(f"left out: {missing.name} is not there (pip install minari h5py Pillow d3rlpy, and VACO_TEST_PYTHON)")
    sys.exit(77)
try:
    import gymnasium
    import minari
    import minari.dataset._storages.hdf5_storage  # which needs Pillow too
except ImportError as missing:
    minari = None
    print(f"left out: {missing.name} is not there, so no Minari dataset is opened by minari")
try:
    import d3rlpy
except ImportError:
    d3rlpy = None
    print("left out: d3rlpy is not there, so it opens nothing")

# And what Gymnasium calls the environment, if it has it: nothing of D4RL's physics, nor where none is said.
SOURCES = {
    "minari-0.5.4/mujoco/hopper/random-v0": "Hopper-v5",
    "minari-0.4.3/cartpole-random-v0": "CartPole-v1",
    "d4rl-89141a6/hopper-random-v2.hdf5": None,
    "d3rlpy-1.1.1/cartpole.h5": "CartPole-v1",
    "csv/hopper_episode_id.csv": None,
    "robomimic-0.5.0/hopper_medium_v2.hdf5": None,
}


def run(*words):
    done = subprocess.run([vaco, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}: {done.stderr}"
    return done.stdout


def seen(path):
    return json.loads(run("inspect", path, "--json", "--episodes"))


def same(ours, theirs, what):
    assert np.allclose(ours, theirs, rtol=1e-6, atol=1e-6), f"{what}: {ours} and {theirs}"


def check_minari(folder, name):
    ours = seen(folder / name)
    dataset = minari.load_dataset(name)
    assert dataset.total_episodes == ours["episodes"], name
    assert dataset.total_steps == ours["rows"], name
    episodes = list(dataset.iterate_episodes())
    for episode, own in zip(episodes, ours["episode_list"]):
        assert len(episode.rewards) == own["length"], name
        assert len(episode.observations) == own["length"] + 1, name
        same(own["return"], float(np.sum(episode.rewards)), name)
        assert bool(episode.terminations[-1]) == (own["ended_by"] == "terminal"), name
        assert bool(episode.truncations[-1]) == (own["ended_by"] != "terminal"), name
        assert dataset.action_space.contains(episode.actions[0]), name
        assert dataset.observation_space.contains(episode.observations[0]), name
    same(ours["first"]["observation"], episodes[0].observations[0], name)
    same(ours["last"]["observation"], episodes[-1].observations[-2], name)
    same(np.ravel(ours["last"]["action"]), np.ravel(episodes[-1].actions[-1]), name)
    sampled = dataset.sample_episodes(1)
    assert len(sampled) == 1, name
    print(f"minari {minari.__version__} opens {name}: {len(episodes)} episodes, {dataset.total_steps} steps, equal")
    return dataset


def check_environment(dataset, wanted, source):
    """That minari makes the environment again, and that it takes the data's actions."""
    spec = dataset.env_spec
    assert (spec.id if spec else None) == wanted, f"{source}: {spec}"
    if spec is None:
        return
    try:
        environment = dataset.recover_environment()
    except (ImportError, gymnasium.error.DependencyNotInstalled) as missing:
        print(f"left out: {wanted} cannot be made here: {missing}")
        return
    assert environment.observation_space.shape == dataset.observation_space.shape, source
    assert environment.action_space.shape == dataset.action_space.shape, source
    assert environment.spec.max_episode_steps == gymnasium.spec(wanted).max_episode_steps, source
    environment.reset(seed=0)
    for action in dataset[0].actions[:5]:
        observation, *_ = environment.step(action)
        assert observation.shape == dataset.observation_space.shape, source
    environment.close()
    print(f"minari makes {wanted} again for {source}")


def check_d4rl(path, name):
    ours = seen(path)
    with h5py.File(path) as file:
        columns = {key: file[key][()] for key in ("observations", "actions", "rewards", "terminals", "timeouts")}
    assert len(columns["rewards"]) == ours["rows"], name
    assert columns["terminals"].dtype == bool and columns["timeouts"].dtype == bool, name
    ends = np.flatnonzero(columns["terminals"] | columns["timeouts"])
    starts = np.concatenate([[0], ends[:-1] + 1])
    assert len(ends) == ours["episodes"] and ends[-1] == ours["rows"] - 1, name
    for first, last, own in zip(starts, ends, ours["episode_list"]):
        assert last - first + 1 == own["length"], name
        same(own["return"], columns["rewards"][first : last + 1].astype(float).sum(), name)
    same(ours["first"]["observation"], columns["observations"][0], name)
    print(f"h5py {h5py.__version__} opens {name} as D4RL's: {len(ends)} episodes, equal")
    if d3rlpy is None:
        return
    if columns["actions"].ndim == 1:
        columns["actions"] = columns["actions"].reshape(-1, 1)
    dataset = d3rlpy.dataset.MDPDataset(**columns)
    assert len(dataset.episodes) == ours["episodes"], name
    for episode, own in zip(dataset.episodes, ours["episode_list"]):
        same(own["return"], float(episode.rewards.sum()), name)
        assert bool(episode.terminated) == (own["ended_by"] == "terminal"), name
    check_d3rlpy_dump(dataset, ours, path.with_suffix(".d3rlpy.h5"), name)
    print(f"d3rlpy {d3rlpy.__version__} takes {name}: {len(dataset.episodes)} episodes, equal")


def check_d3rlpy_dump(dataset, ours, path, name):
    """That what d3rlpy writes of it is read as it was."""
    with open(path, "w+b") as file:
        dataset.dump(file)
    again = seen(path)
    assert again["rows"] == ours["rows"] and again["episodes"] == ours["episodes"], name
    for before, after in zip(ours["episode_list"], again["episode_list"]):
        assert before["length"] == after["length"] and before["ended_by"] == after["ended_by"], name
        same(before["return"], after["return"], name)
    for end in ("first", "last"):
        same(ours[end]["observation"], again[end]["observation"], name)
        same(np.ravel(ours[end]["action"]), np.ravel(again[end]["action"]), name)


with tempfile.TemporaryDirectory() as temporary:
    folder = pathlib.Path(temporary)
    os.environ["MINARI_DATASETS_PATH"] = temporary
    for number, (source, environment) in enumerate(SOURCES.items()):
        name = f"ours{number}-test-v0"
        run("mix", folder / f"{name}.hdf5", fixtures / "formats" / source, "--keep-order")
        check_d4rl(folder / f"{name}.hdf5", source)
        if minari is not None:
            run("mix", folder / name, fixtures / "formats" / source, "--keep-order", "--format", "minari")
            check_environment(check_minari(folder, name), environment, source)
if minari is None:
    sys.exit(77)

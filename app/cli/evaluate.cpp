// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/evaluator.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <numeric>
#include <thread>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/figures.h"
#include "app/cli/progress_line.h"
#include "core/base/json_value.h"
#include "core/base/threads.h"
#include "core/collect/collecting.h"
#include "core/records/run_config.h"
#include "core/session/fit_to_data.h"
#include "core/session/offline_evaluation.h"
#include "core/tasks/reference_scores.h"
#include "core/tasks/task_names.h"

namespace vaco::cli {
namespace {

struct Evaluate {
  std::string policy, environment, physics, dataset, algorithm;
  PolicyOrigin origin;
  std::string run_physics;  ///< of a run folder's configuration
  EvaluationOptions options{.environment = {}, .threads = usable_processors()};
  FqeOptions fqe_options;
  ReadOptions reading;  ///< of a run folder's own dataset
  bool last = false, json = false, fqe = false, force = false;
  std::string film, film_size = "1280x720";

  /// What the command line leaves open, a run folder's configuration may say.
  void ask_run_folder() {
    const auto config = read_json(std::filesystem::path(policy) / "config.json");
    if (!config) return;
    const auto fill = [&](const char* key, std::string& value) {
      if (value.empty()) value = value_or<std::string>(*config, key, {});
    };
    fill("environment", environment);
    fill("physics", run_physics);
    if (const auto run = config_from_json(*config); dataset.empty() && run)
      if (auto own = reading_of(*run)) reading = std::move(*own);
    fill("dataset", dataset);
    fill("algorithm", algorithm);
  }

  /// Before an evaluation that may take minutes.
  [[nodiscard]] Result<void> check_film() const {
    const std::filesystem::path file = film;
    const auto kind = file.extension();
    if (kind.empty()) return {};  // a folder, which is new
    if (kind != ".mp4" && kind != ".gif")
      return Error{ErrorCode::usage,
                   film + " is neither .mp4 nor .gif, nor a folder for pictures (without a dot)"};
    return check_new_file(file, force ? Existing::replace : Existing::refuse);
  }

  [[nodiscard]] int run() {
    if (auto can = film.empty() ? Result<void>{} : check_film(); !can)
      return report_error("evaluate", can.error());
    if (auto known = check_environment_name(environment); !known)
      return report_error("evaluate", known.error());
    ask_run_folder();
    const auto snapshot = open_policy(policy, environment, !last);
    if (!snapshot) return report_error("evaluate", snapshot.error());
    if (!snapshot->algorithm.empty()) algorithm = snapshot->algorithm;
    const auto from = open_policy_origin(policy, environment, !last);
    if (!from) return report_error("evaluate", from.error());
    origin = *from;
    if (fqe) return run_offline(*snapshot);
    options.environment = environment.empty() ? snapshot->environment : environment;
    if (options.environment.empty())
      return report_error("evaluate",
                          {ErrorCode::usage, "the policy does not say its environment: add --environment"});
    if (const auto chosen = choose_physics(); !chosen) return report_error("evaluate", chosen.error());
    if (!origin.simulator.empty() && origin.simulator != simulator_version())
      print_warnings({"the policy was evaluated in " + origin.simulator + " when it was made; scores of " +
                      simulator_version() + " differ a little"});

    std::stop_source stop;
    const auto watch = start_thread([&stop](const std::stop_token& done) {
      while (!done.stop_requested() && !stop_was_asked())
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      if (stop_was_asked()) stop.request_stop();
    });
    if (!watch) return report_error("evaluate", watch.error());
    const auto result = evaluate_policy(*snapshot, options, stop.get_token());
    if (!result) return report_error("evaluate", result.error());
    if (const int asked = std::min(options.threads, options.episodes); result->threads < asked)
      print_warnings({fewer_threads_text(asked, result->threads)});
    show(*result);
    if (film.empty()) return 0;
    const auto filmed = film_policy({.policy = policy,
                                     .environment = options.environment,
                                     .physics = to_text(options.physics),
                                     .seed = options.seed,
                                     .last = last,
                                     .size = film_size},
                                    film);
    return filmed ? 0 : report_error("evaluate", filmed.error());
  }

  /// As asked for, else the policy's own, else that of its run.
  Result<void> choose_physics() {
    const std::string& own = origin.physics.empty() ? run_physics : origin.physics;
    if (physics.empty() && own.empty())
      print_warnings(
          {"the policy does not say its physics: the environment's first is taken; --physics tells it"});
    if (!physics.empty() && !own.empty() && physics != own)
      print_warnings({"the policy is one for " + own + " physics, but is rolled out in " + physics});
    const auto kind = parse_physics(physics_for(physics.empty() ? own : physics, {}, options.environment));
    if (!kind) return kind.error();
    options.physics = *kind;
    return {};
  }

  /// Fitted Q evaluation: no simulator, only the dataset.
  [[nodiscard]] int run_offline(const PolicySnapshot& snapshot) {
    if (dataset.empty())
      return report_error("evaluate",
                          {ErrorCode::usage,
                           "--fqe learns from data: add --dataset FILE (a run folder's own dataset is "
                           "taken by itself)"});
    fqe_options.seed = options.seed;
    reading.environment = environment;
    fqe_options.compute.threads = startable_threads(options.threads);
    if (fqe_options.compute.threads < options.threads)
      print_warnings({fewer_threads_text(options.threads, fqe_options.compute.threads)});
    const auto result = [&] {
      ProgressLine line;
      return evaluate_offline(snapshot, dataset, reading, fqe_options, line.teller(), line.stop_token());
    }();
    if (!result) return report_error("evaluate", result.error());
    print_warnings(result->warnings);
    show_offline(snapshot, *result);
    return 0;
  }

  /// The algorithm; of a policy that does not say it, what it was called by.
  [[nodiscard]] std::string policy_text() const { return algorithm.empty() ? policy : algorithm; }

  void show_offline(const PolicySnapshot& snapshot, const OfflineEvaluation& result) const {
    if (json) {
      const auto interval = [](const Estimate& e) {
        return Json{{"value", e.value}, {"low", e.low}, {"high", e.high}};
      };
      const Json out = {{"policy", policy},
                        {"algorithm", algorithm},
                        {"step", snapshot.step},
                        {"dataset", dataset},
                        {"method", "fqe"},
                        {"discount", fqe_options.discount},
                        {"steps", fqe_options.steps},
                        {"seed", fqe_options.seed},
                        {"initial_states", result.initial_states},
                        {"discounted_return", interval(result.value)},
                        {"drift", result.drift},
                        {"critics", result.critic_values},
                        {"behavior_discounted_return", interval(result.behavior)}};
      std::printf("%s\n", to_line(out).c_str());
      return;
    }
    std::printf("policy             %s, step %lld\n", policy_text().c_str(),
                static_cast<long long>(snapshot.step));
    std::printf("method             fitted Q evaluation, %lld critics, %lld steps, discount %g\n",
                static_cast<long long>(fqe_options.critics), static_cast<long long>(fqe_options.steps),
                fqe_options.discount);
    std::printf("discounted return  %s (95 %% interval over %lld initial states and the critics)\n",
                to_text(result.value, 2).c_str(), static_cast<long long>(result.initial_states));
    std::printf("of each critic    ");
    for (const double value : result.critic_values) std::printf(" %.2f", value);
    std::printf("\nof the data        %s, as far as its trajectories go\n",
                to_text(result.behavior, 2).c_str());
  }

  void show(const EvaluationResult& result) const {
    const auto reference = reference_scores(options.environment);
    const double length = std::accumulate(result.lengths.begin(), result.lengths.end(), 0.0) /
                          static_cast<double>(result.lengths.size());
    const auto spread = [&](double value) { return result.has_spread() ? Json(value) : Json(nullptr); };
    if (json) {
      Json out = {{"policy", policy},
                  {"algorithm", algorithm},
                  {"step", result.step},
                  {"environment", options.environment},
                  {"physics", to_text(options.physics)},
                  {"simulator", simulator_version()},
                  {"trained_by", origin.program},
                  {"trained_on", {{"name", origin.dataset}, {"hash", origin.dataset_hash}}},
                  {"episodes", options.episodes},
                  {"seed", options.seed},
                  {"mean_return", result.mean_return},
                  {"std_return", spread(result.std_return)},
                  {"mean_length", length},
                  {"normalized_score", nullptr},
                  {"normalized_std", nullptr},
                  {"reference", nullptr},
                  {"returns", result.returns},
                  {"lengths", result.lengths}};
      if (reference) {
        out["normalized_score"] = result.normalized_mean;
        out["normalized_std"] = spread(result.normalized_std);
        out["reference"] = {
            {"random", reference->random}, {"expert", reference->expert}, {"source", reference->source}};
      }
      std::printf("%s\n", to_line(out).c_str());
      return;
    }
    std::printf("environment        %s, %s physics, %s\n", options.environment.c_str(),
                to_text(options.physics).c_str(), simulator_version().c_str());
    std::printf("policy             %s, step %lld\n", policy_text().c_str(),
                static_cast<long long>(result.step));
    if (!origin.dataset.empty())
      std::printf("trained on         %s (XXH64 %s), by %s\n", origin.dataset.c_str(),
                  origin.dataset_hash.c_str(), origin.program.c_str());
    std::printf("episodes           %d, seed %llu, %.0f steps each on average\n", options.episodes,
                static_cast<unsigned long long>(options.seed), length);
    std::printf("return             %s\n",
                with_spread(result.mean_return, spread(result.std_return), 2).c_str());
    if (reference)
      std::printf("normalized score   %s   (0 is a return of %.2f, 100 is %.2f: %s)\n",
                  with_spread(result.normalized_mean, spread(result.normalized_std), 2).c_str(),
                  reference->random, reference->expert, reference->source.c_str());
  }
};

}  // namespace

void add_evaluate(CLI::App& app, int& exit_code) {
  auto evaluate = std::make_shared<Evaluate>();
  auto& options = evaluate->options;
  CLI::App* command = add_command(app, "evaluate");
  command
      ->add_option("policy", evaluate->policy,
                   "a run folder (its best policy), a policy file, or a shipped policy with --environment")
      ->required()
      ->type_name("POLICY_OR_RUN");
  command->add_option("--environment", evaluate->environment, "as the policy says, if not given");
  command->add_option("--physics", evaluate->physics,
                      "v2 (as D4RL's data), v4 or v5 (as Gymnasium); the policy's own, if not given");
  command->add_option("--episodes", options.episodes, "how many")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000));
  command->add_option("--seed", options.seed, "of the starts")->check(seed_number())->capture_default_str();
  command->add_option("--threads", options.threads, "changes the time, not the numbers")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--last", evaluate->last, "a run folder's last policy instead of its best");
  auto& offline = evaluate->fqe_options;
  auto* fqe = command->add_flag("--fqe", evaluate->fqe,
                                "fitted Q evaluation: estimate the discounted return from a dataset alone");
  command->add_option("--dataset", evaluate->dataset, "for --fqe; a run folder's own, if not given")
      ->type_name("FILE")
      ->needs(fqe);
  command->add_option("--fqe-steps", offline.steps, "gradient steps of the critics")
      ->capture_default_str()
      ->check(row_count())
      ->needs(fqe);
  command->add_option("--critics", offline.critics, "critics that are averaged")
      ->capture_default_str()
      ->check(CLI::Range(1, 64))
      ->needs(fqe);
  command->add_option("--discount", offline.discount, "weight of the future")
      ->capture_default_str()
      ->transform(typed_number())
      ->check(CLI::Range(0.0, 0.9999))
      ->needs(fqe);
  command
      ->add_option(
          "--film", evaluate->film,
          "write the first episode as a film (FILE.mp4 or FILE.gif, which ffmpeg makes) or as numbered "
          "pictures in a new folder; the program vaco-workbench draws it")
      ->type_name("FILE")
      ->excludes(fqe);
  command->add_option("--film-size", evaluate->film_size, "of its pictures, WIDTHxHEIGHT in pixels")
      ->capture_default_str()
      ->check(picture_size());
  command->add_flag("--force", evaluate->force, "replace a film that is there");
  command->add_flag("--json", evaluate->json, "the result as JSON, the last line of stdout");
  command->callback([evaluate, &exit_code] { exit_code = evaluate->run(); });
}

}  // namespace vaco::cli

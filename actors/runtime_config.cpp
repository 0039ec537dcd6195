#include "switchgear/actor/runtime_config.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>

#include <caf/config_option_adder.hpp>
#include <caf/config_value.hpp>
#include <caf/settings.hpp>
#include <caf/timespan.hpp>

#include "config_section.hpp"
#include "http/listening_socket.hpp"
#include "switchgear/actor/init_types.hpp"
#include "switchgear/breaker/config_fields.hpp"
#include "telemetry_config.hpp"

namespace switchgear {

namespace {

void read_breaker(section& s, config& cfg) {
  for_each_config_field([&](const auto& field) {
    std::string key{field.name};
    std::replace(key.begin(), key.end(), '_', '-');
    s.read(key, cfg.*field.value);
  });
}

void read_breakers(const caf::settings& all, runtime_options& options,
                   std::vector<config_error>& errors) {
  for (const auto& [key, value] : all) {
    const std::string name{key};
    const auto* values = caf::get_if<caf::settings>(&value);
    if (!values) {
      errors.push_back({"breakers." + name, to_string(value),
                        "a section with a breaker's settings"});
      continue;
    }
    auto cfg = options.defaults;
    section each{"breakers." + name + ".", *values, errors};
    // A tool whose name can not be a key is told by its name.
    std::string full_name = name;
    each.read("name", full_name, "the name of the tool");
    read_breaker(each, cfg);
    each.reject_others();
    if (!options.breakers.emplace(full_name, cfg).second)
      errors.push_back({"breakers." + name + ".name", full_name,
                        "a name that no other breaker has"});
  }
}

void read_admin(const caf::settings& from, admin_options& into,
                std::vector<config_error>& errors) {
  section s{"admin.", from, errors};
  std::string place = http::to_string(into.address, into.port);
  s.read("listen", place, "a text");
  try {
    set_listen_address(into, place);
  } catch (const setup_error&) {
    s.refuse("listen", "PORT or ADDRESS:PORT, an IPv6 address in brackets");
  }
  s.read("token", into.token, "a text");
  s.read("token-file", into.token_file, "the name of a file");
  s.read("hosts", into.hosts, "a list of names");
  s.read("title", into.title, "a text");
  s.read("history", into.history);
  s.read("events", into.events, "a whole number, 100 to 1000000");
  s.read("control-patience", into.control_patience);
  s.read("threads", into.threads, "a whole number, 1 to 64");
  s.read("connections", into.connections, "a whole number, 16 to 10000");
  s.read("streams", into.streams, "a whole number");
  s.reject_others();
}

} // namespace

runtime_config::runtime_config() {
  actor::init_types();
  opt_group{custom_options_, "switchgear"}
    // Signed and wide: CAF drops what does not fit, and we want to say so.
    .add<std::int64_t>("workers", "threads for callables of call messages")
    .add<std::int64_t>("queue", "call messages that may wait for a thread")
    .add<std::int64_t>("restart-intensity",
                       "restarts allowed within restart-period")
    .add<caf::timespan>("restart-period", "see restart-intensity")
    .add<caf::timespan>("shutdown-grace",
                        "how long shutting down waits for calls");
  opt_group{custom_options_, "switchgear.admin"}
    .add<std::string>("listen", "ADDRESS:PORT for the admin page and API")
    .add<std::string>("token-file", "tokens of those who may change things");
}

expected<runtime_options, failure>
read_options(const caf::actor_system_config& cfg) {
  runtime_options options;
  std::vector<config_error> errors;
  const auto& all = content(cfg);
  auto found = all.find("switchgear");
  const auto* ours
    = found == all.end() ? nullptr : caf::get_if<caf::settings>(&found->second);
  if (ours) {
    section s{"", *ours, errors};
    s.read("workers", options.workers, "a whole number, 1 to 10000");
    s.read("queue", options.queue, "a whole number, 0 to 1000000");
    s.read("restart-intensity", options.restart_intensity,
           "a whole number, 0 to 1000000");
    s.read("restart-period", options.restart_period);
    s.read("shutdown-grace", options.shutdown_grace);
    if (const auto* value = s.take("defaults")) {
      if (const auto* values = caf::get_if<caf::settings>(value)) {
        section each{"defaults.", *values, errors};
        read_breaker(each, options.defaults);
        each.reject_others();
      } else {
        errors.push_back({"defaults", to_string(*value), "a section"});
      }
    }
    if (const auto* value = s.take("telemetry")) {
      if (const auto* values = caf::get_if<caf::settings>(value))
        read_telemetry(*values, options.telemetry, errors);
      else
        errors.push_back({"telemetry", to_string(*value), "a section"});
    }
    if (const auto* value = s.take("admin")) {
      if (const auto* values = caf::get_if<caf::settings>(value))
        read_admin(*values, options.admin.emplace(), errors);
      else
        errors.push_back({"admin", to_string(*value), "a section"});
    }
    if (const auto* value = s.take("breakers")) {
      if (const auto* values = caf::get_if<caf::settings>(value))
        read_breakers(*values, options, errors);
      else
        errors.push_back({"breakers", to_string(*value), "a section"});
    }
    s.reject_others();
  }
  if (errors.empty())
    errors = validate(options);
  if (!errors.empty())
    return make_unexpected(failure{errc::invalid_config, explain(errors)});
  return options;
}

} // namespace switchgear

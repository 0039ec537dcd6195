/// What it costs an actor to use a breaker by message.

#include "callables.hpp"
#include "client.hpp"
#include "suite.hpp"
#include "switchgear/actor.hpp"

namespace switchgear::bench {

void add_messages(suite& all) {
  auto& rt = all.rt();
  const auto db = rt.breaker("messages");
  all.add_threaded("message/call", [&rt, db](benchmark::State& s) {
    run_requests<int>(
      rt.system(),
      [to = db.actor()](auto* self) {
        return actor::ask(self, to, caf::infinite, call_v, task{fine});
      },
      s);
  });
  all.add_threaded("message/query", [&rt, db](benchmark::State& s) {
    run_requests<statistics>(
      rt.system(),
      [to = db.actor()](auto* self) {
        return actor::ask(self, to, caf::infinite, get_stats_v);
      },
      s);
  });
}

} // namespace switchgear::bench

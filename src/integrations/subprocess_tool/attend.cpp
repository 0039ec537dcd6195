#include "attend.hpp"

#include <algorithm>
#include <array>
#include <csignal>

#include "switchgear/integrations/detail/wait_for.hpp"

namespace switchgear::subprocess {

namespace {

using std::chrono::milliseconds;

/// All that it has said, but no more than fits into the pipe: somebody who
/// has escaped may go on.
void read_rest(owned_fd& from, std::string& kept, bool& cut,
               std::size_t limit) {
  for (int i = 0; from && i < 64; ++i)
    if (!read_some(from, kept, cut, limit))
      return;
}

} // namespace

ending attend(child& program, std::string_view input,
              const subprocess_options& options) {
  ending result;
  auto& left = result.left;
  auto deadline = clock::now() + options.timeout;
  bool forced = false;
  while (!program.ended()) {
    write_some(program.in, input);
    std::array files{pollfd{program.out.get(), POLLIN, 0},
                     pollfd{program.err.get(), POLLIN, 0},
                     pollfd{program.in.get(), POLLOUT, 0},
                     pollfd{program.exit_fd(), POLLIN, 0}};
    const auto look = clock::now() + milliseconds{5};
    const bool blind = program.exit_fd() < 0;
    detail::wait_for(files, blind ? std::min(look, deadline) : deadline);
    if (files[0].revents)
      read_some(program.out, left.out, left.out_cut, options.output_limit);
    if (files[1].revents)
      read_some(program.err, left.err, left.err_cut, options.output_limit);
    if (clock::now() < deadline || program.ended())
      continue;
    if (result.in_time) {
      result.in_time = false;
      program.signal(SIGTERM);
      deadline = clock::now() + options.grace;
    } else if (!forced) {
      forced = true;
      program.signal(SIGKILL);
      // The kernel ends it now; what it does first cannot be hurried.
      deadline = time_point::max() - std::chrono::hours{1};
    }
  }
  result.status = program.bury();
  read_rest(program.out, left.out, left.out_cut, options.output_limit);
  read_rest(program.err, left.err, left.err_cut, options.output_limit);
  return result;
}

} // namespace switchgear::subprocess

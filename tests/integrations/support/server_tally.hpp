#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace switchgear::test {

/// What a server has seen, in memory that it shares with the test: exact at
/// any time, also while the server is stopped, and still there when it has been
/// killed. Zeros are a fresh one.
struct server_tally {
  std::atomic<std::uint64_t> requests;
  std::atomic<std::uint64_t> answers; ///< That were made, of status 200.
  std::atomic<std::uint64_t> under_way;
  std::atomic<std::uint64_t> most_under_way;

  static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
};

/// The tally in a file, which is made if there is none.
class shared_tally {
public:
  explicit shared_tally(const std::string& path) {
    const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    void* where = MAP_FAILED;
    if (fd >= 0 && ftruncate(fd, sizeof(server_tally)) == 0)
      where = mmap(nullptr, sizeof(server_tally), PROT_READ | PROT_WRITE,
                   MAP_SHARED, fd, 0);
    close(fd);
    if (where == MAP_FAILED)
      throw std::runtime_error{"cannot share " + path};
    tally_ = static_cast<server_tally*>(where);
  }

  shared_tally(const shared_tally&) = delete;
  shared_tally& operator=(const shared_tally&) = delete;

  ~shared_tally() {
    munmap(tally_, sizeof(server_tally));
  }

  server_tally* operator->() const noexcept {
    return tally_;
  }

private:
  server_tally* tally_;
};

} // namespace switchgear::test

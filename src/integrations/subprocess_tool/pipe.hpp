#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace switchgear::subprocess {

/// An open file that is closed with the object.
class owned_fd {
public:
  owned_fd() = default;

  explicit owned_fd(int fd) : fd_(fd) {
    // nop
  }

  owned_fd(owned_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {
    // nop
  }

  owned_fd& operator=(owned_fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  ~owned_fd() {
    reset();
  }

  void reset() noexcept;

  /// -1: none, which `poll` passes over.
  int get() const noexcept {
    return fd_;
  }

  explicit operator bool() const noexcept {
    return fd_ >= 0;
  }

private:
  int fd_ = -1;
};

/// Neither end is one of the three standard files, or inherited.
struct pipe_ends {
  owned_fd reader;
  owned_fd writer;
};

/// @throws std::system_error if there are no files left
pipe_ends make_pipe();

void make_nonblocking(const owned_fd& fd);

/// Reads what there is, and keeps the first `limit` bytes in `kept`. Closes at
/// the end.
/// @returns whether more may be there at once
bool read_some(owned_fd& from, std::string& kept, bool& cut, std::size_t limit);

/// Writes what fits and takes it off `left`. Closes when nothing is left, or
/// nobody reads.
void write_some(owned_fd& to, std::string_view& left);

} // namespace switchgear::subprocess

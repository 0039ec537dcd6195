#pragma once

#include <sys/resource.h>

namespace switchgear::test {

/// The program may open no further files meanwhile, if it has more than so
/// many.
class few_descriptors {
public:
  explicit few_descriptors(rlim_t count) {
    getrlimit(RLIMIT_NOFILE, &before_);
    auto now = before_;
    now.rlim_cur = count;
    setrlimit(RLIMIT_NOFILE, &now);
  }

  few_descriptors(const few_descriptors&) = delete;
  few_descriptors& operator=(const few_descriptors&) = delete;

  ~few_descriptors() {
    setrlimit(RLIMIT_NOFILE, &before_);
  }

private:
  rlimit before_{};
};

} // namespace switchgear::test

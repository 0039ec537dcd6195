#include "traffic.hpp"

#include <algorithm>
#include <random>

namespace demo {

namespace {

constexpr std::size_t thread_count = 3;

// Of single calls, if a key is held down while the service hangs.
constexpr std::size_t max_waiting = 50;

} // namespace

traffic::traffic(std::function<void()> make_call,
                 std::chrono::milliseconds pace)
  : make_call_(std::move(make_call)),
    pace_(pace) {
  for (std::size_t i = 0; i < thread_count; ++i)
    threads_.emplace_back([this](std::stop_token stop) { work(stop); });
}

traffic::~traffic() {
  for (auto& thread : threads_)
    thread.request_stop();
}

void traffic::once() {
  {
    std::lock_guard guard{mutex_};
    wanted_ = std::min(wanted_ + 1, max_waiting);
  }
  changed_.notify_one();
}

void traffic::set_steady(bool on) {
  {
    std::lock_guard guard{mutex_};
    steady_ = on;
  }
  changed_.notify_all();
}

bool traffic::steady() const {
  std::lock_guard guard{mutex_};
  return steady_;
}

void traffic::work(std::stop_token stop) {
  std::minstd_rand generator{std::random_device{}()};
  std::uniform_real_distribution<double> factor{0.3, 1.7};
  std::unique_lock lock{mutex_};
  while (!stop.stop_requested()) {
    changed_.wait(lock, stop, [this] { return wanted_ > 0 || steady_; });
    // All threads together keep the pace.
    const std::chrono::duration<double, std::milli> pause{
      factor(generator) * static_cast<double>(pace_.count() * thread_count)};
    changed_.wait_for(lock, stop, pause,
                      [this] { return wanted_ > 0 || !steady_; });
    if (stop.stop_requested() || (wanted_ == 0 && !steady_))
      continue;
    if (wanted_ > 0)
      --wanted_;
    lock.unlock();
    make_call_();
    lock.lock();
  }
}

} // namespace demo

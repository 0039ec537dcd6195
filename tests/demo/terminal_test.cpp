// The terminal, on a pseudo-terminal whose other end the test holds.

#include "terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>

#include <array>
#include <cstring>
#include <system_error>

#include <gmock/gmock.h>

#include "switchgear/detail/unique_fd.hpp"

using namespace demo;
using switchgear::detail::unique_fd;
using testing::HasSubstr;
using testing::Not;

namespace {

class screen_test : public testing::Test {
protected:
  screen_test() {
    int ours = -1;
    int theirs = -1;
    EXPECT_EQ(openpty(&ours, &theirs, nullptr, nullptr, nullptr), 0);
    ours_ = unique_fd{ours};
    theirs_ = unique_fd{theirs};
  }

  termios modes() const {
    termios result{};
    EXPECT_EQ(tcgetattr(theirs_.get(), &result), 0);
    return result;
  }

  /// What was written since the last time. It is there at once.
  std::string written() const {
    std::string result;
    pollfd ready{ours_.get(), POLLIN, 0};
    while (poll(&ready, 1, 0) > 0) {
      std::array<char, 4096> buffer;
      const auto got = read(ours_.get(), buffer.data(), buffer.size());
      if (got <= 0)
        break;
      result.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return result;
  }

  void type(std::string_view keys) const {
    EXPECT_EQ(write(ours_.get(), keys.data(), keys.size()),
              static_cast<ssize_t>(keys.size()));
  }

  unique_fd ours_;
  unique_fd theirs_;
};

} // namespace

TEST_F(screen_test, takes_the_terminal_and_gives_it_back) {
  const auto before = modes();
  {
    terminal display{theirs_.get(), theirs_.get()};
    const auto raw = modes().c_lflag;
    EXPECT_EQ(raw & static_cast<tcflag_t>(ICANON | ECHO | ISIG), 0u);
    EXPECT_THAT(written(), HasSubstr("\x1b[?1049h"));
  }
  EXPECT_EQ(modes().c_lflag, before.c_lflag);
  EXPECT_EQ(modes().c_iflag, before.c_iflag);
  EXPECT_EQ(modes().c_oflag, before.c_oflag);
  const auto end = written();
  EXPECT_THAT(end, HasSubstr("\x1b[?25h")); // the cursor
  EXPECT_THAT(end, HasSubstr("\x1b[?1049l"));
}

TEST_F(screen_test, draws_what_has_changed_and_nothing_else) {
  terminal display{theirs_.get(), theirs_.get()};
  display.draw({"one", "two", "three"});
  const auto first = written();
  EXPECT_THAT(first, HasSubstr("one"));
  EXPECT_THAT(first, HasSubstr("three"));

  display.draw({"one", "two", "three"});
  EXPECT_EQ(written(), "");

  display.draw({"one", "2", "three"});
  EXPECT_EQ(written(), "\x1b[2;1H\x1b[K2");

  display.draw({"one"});
  EXPECT_EQ(written(), "\x1b[2;1H\x1b[K\x1b[3;1H\x1b[K");

  display.clear();
  display.draw({"one"});
  EXPECT_EQ(written(), "\x1b[2J\x1b[1;1H\x1b[Kone");
}

TEST_F(screen_test, keys_come_as_they_are_typed) {
  terminal display{theirs_.get(), theirs_.get()};
  EXPECT_EQ(display.read_keys(), ""); // does not wait
  type("q\x03");
  EXPECT_EQ(display.read_keys(), "q\x03");
  EXPECT_THAT(written(), Not(HasSubstr("q"))); // no echo
}

TEST_F(screen_test, needs_a_terminal) {
  const unique_fd null{open("/dev/null", O_RDWR)};
  EXPECT_THROW((terminal{null.get(), null.get()}), std::system_error);
}

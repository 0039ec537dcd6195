/// Mail, and the breaker of a mail server through its life.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "smtp_server.hpp"
#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "switchgear/integrations/notifications.hpp"

namespace switchgear::test {

namespace {

using namespace std::chrono_literals;

class mail_notifications : public testing::Test {
public:
  mail_options options() {
    mail_options result;
    result.url = server.url();
    result.from = "switchgear@example.org";
    result.to = {"one@example.org", "two@example.org"};
    result.tls = smtp_tls::none;
    return result;
  }

  std::shared_ptr<notifier> mail() {
    return mail_notifier(tool, options());
  }

  std::shared_ptr<notifier> impatient() {
    auto with = options();
    with.total_timeout = 500ms;
    return mail_notifier(tool, with);
  }

  nlohmann::json last() {
    return nlohmann::json::parse(server.ask("last"));
  }

  statistics stats() {
    return tool.stats().value();
  }

  static config by_hand() {
    auto cfg = trips_after(2);
    cfg.open_timeout = 1h; // it probes when the test says so
    cfg.success_threshold = 1;
    return cfg;
  }

  template <class F>
  void trips_and_recovers(notifier& to, errc with, F repair) {
    ASSERT_TRUE(tool.reconfigure(by_hand()));
    for (int i = 0; i < 2; ++i) {
      const auto sent = to.send({"down"});
      ASSERT_FALSE(sent);
      EXPECT_EQ(sent.error(), with) << sent.error().to_string();
    }
    ASSERT_EQ(tool.state(), state::open);
    repair();
    const auto connections = server.ask("connections");
    for (int i = 0; i < 10; ++i)
      EXPECT_EQ(to.send({"down"}).error(), errc::circuit_open);
    EXPECT_EQ(server.ask("connections"), connections);
    EXPECT_EQ(server.ask("mails"), "0");

    ASSERT_TRUE(tool.isolate());
    ASSERT_TRUE(tool.automatic()); // probes at once
    const auto probe = mail()->send({"back"}); // with all the time it needs
    ASSERT_TRUE(probe) << probe.error().to_string();
    EXPECT_EQ(tool.state(), state::closed);
    EXPECT_EQ(server.ask("mails"), "1");
  }

  runtime rt;
  smtp_server server;
  breaker tool = rt.breaker("mail", trips_after(3));
};

TEST_F(mail_notifications, arrive) {
  notification what{"Database down", "No connection.\n.\n..\nBye."};
  what.level = notification_level::critical;
  what.details = {{"host", "db1"}, {"since", "noon"}};
  const auto sent = mail()->send(what);
  ASSERT_TRUE(sent) << sent.error().to_string();
  const auto mail = last();
  EXPECT_EQ(mail["from"], "switchgear@example.org");
  EXPECT_EQ(mail["to"], nlohmann::json({"one@example.org", "two@example.org"}));
  EXPECT_EQ(mail["subject"], "[critical] Database down");
  EXPECT_EQ(mail["text"],
            "No connection.\n.\n..\nBye.\n\nhost: db1\nsince: noon\n");
  for (const auto* name : {"Date", "Message-ID", "MIME-Version"})
    EXPECT_THAT(mail["headers"], testing::Contains(name));
  EXPECT_EQ(stats().total_successes, 1u);
}

TEST_F(mail_notifications, in_any_language_and_of_any_length) {
  std::string title = "Größe: 大きさ ";
  for (int i = 0; i < 5; ++i)
    title += "ein längerer Titel, der in keine Zeile paßt, ";
  title += "Ende";
  notification what{title, std::string(5000, 'x') + "ä"};
  what.key = "k";
  what.resolved = true;
  ASSERT_TRUE(mail()->send(what));
  const auto mail = last();
  EXPECT_EQ(mail["subject"], "[info] Resolved: " + title);
  EXPECT_EQ(mail["text"], what.text + "\n");
  const auto raw = mail["raw"].get<std::string>(); // decoded as ASCII
  for (std::size_t at = 0, end; (end = raw.find('\n', at)) != raw.npos;
       at = end + 1)
    EXPECT_LE(end - at, 79u);
}

TEST_F(mail_notifications, nobody_can_put_a_header_into_one) {
  const auto to = mail();
  for (const auto* title :
       {"x\r\nBcc: evil@example.org", "x\nBcc: e", "x\r", "", "\x01", "\xff"})
    EXPECT_EQ(to->send({title}).error(), errc::invalid_config) << title;
  EXPECT_EQ(to->send({"x", "\xff"}).error(), errc::invalid_config);
  for (const auto& detail : {std::pair{"\xff", "x"}, std::pair{"x", "\xff"}}) {
    notification what{"x"};
    what.details.insert(detail);
    EXPECT_EQ(to->send(what).error(), errc::invalid_config);
  }
  EXPECT_EQ(server.ask("connections"), "0");
  EXPECT_EQ(stats().total_calls, 0u);
}

TEST_F(mail_notifications, to_bad_addresses_are_refused) {
  for (const auto* address :
       {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nRCPT TO:<x@y>",
        "Name <a@b>", "a@b,c@d", "a@b>", "\"a\"@b", "ä@b", "a@b SIZE=1"}) {
    auto with = options();
    with.to.push_back(address);
    EXPECT_THROW(mail_notifier(tool, with), setup_error) << address;
    with = options();
    with.from = address;
    EXPECT_THROW(mail_notifier(tool, with), setup_error) << address;
  }
}

TEST_F(mail_notifications, with_options_that_are_not_allowed) {
  const auto refused = [&](auto change) {
    auto with = options();
    change(with);
    return explain(validate(with));
  };
  EXPECT_EQ(refused([](auto&) {}), "");
  EXPECT_EQ(refused([](auto& o) { o.url = "http://host"; }),
            "url = http://host: must be a URL that begins with smtp:// or "
            "smtps://");
  EXPECT_EQ(refused([](auto& o) { o.url = "imap://me:secret@host"; }),
            "url = imap://...@host: must be a URL that begins with smtp:// or "
            "smtps://");
  EXPECT_EQ(refused([](auto& o) { o.to.clear(); }),
            "to = 0: must be 1 to 100 addresses");
  EXPECT_EQ(refused([](auto& o) { o.user = "me"; }),
            "user = me: must be set together with password");
  EXPECT_EQ(refused([](auto& o) { o.total_timeout = 0s; }),
            "total_timeout = 0 ms: must be 1 ms to 24 h");
}

TEST_F(mail_notifications, that_the_server_does_not_want_say_nothing_of_it) {
  const auto to = mail();
  for (const auto* where : {"MAIL", "RCPT", "MESSAGE"}) {
    server.ask(std::string{"reply "} + where + " 550 no");
    const auto sent = to->send({"x"});
    ASSERT_FALSE(sent) << where;
    ASSERT_TRUE(smtp_error_of(sent.error())) << where;
    EXPECT_EQ(smtp_error_of(sent.error())->reply(), 550) << where;
    EXPECT_EQ(sent.error().message(), "SMTP 550");
  }
  EXPECT_EQ(stats().total_failures, 0u);
  EXPECT_EQ(stats().total_successes, 3u);
}

TEST_F(mail_notifications, that_are_wanted_later_are_failures) {
  ASSERT_TRUE(tool.reconfigure(trips_after(100)));
  const auto to = mail();
  for (const auto* where : {"CONNECT", "MAIL", "RCPT", "MESSAGE"}) {
    server.ask(std::string{"reply "} + where + " 451 later");
    const auto sent = to->send({"x"});
    ASSERT_FALSE(sent) << where;
    EXPECT_EQ(smtp_error_of(sent.error())->reply(), 451) << where;
  }
  EXPECT_EQ(stats().total_failures, 4u);
}

TEST_F(mail_notifications, need_tls_unless_told_otherwise) {
  auto with = options();
  with.tls = smtp_tls::required;
  EXPECT_FALSE(mail_notifier(tool, with)->send({"x"}));
  EXPECT_EQ(server.ask("mails"), "0");
  EXPECT_EQ(stats().total_failures, 1u);
  with.tls = smtp_tls::optional;
  EXPECT_TRUE(mail_notifier(tool, with)->send({"x"}));
}

TEST_F(mail_notifications, server_takes_nobody) {
  server.ask("reply CONNECT 554 closed");
  trips_and_recovers(*mail(), errc::operation_failed,
                     [&] { server.ask("healthy"); });
}

TEST_F(mail_notifications, server_is_killed) {
  server.kill();
  trips_and_recovers(*mail(), errc::operation_failed, [&] { server.start(); });
}

TEST_F(mail_notifications, server_is_stopped) {
  server.pause();
  trips_and_recovers(*impatient(), errc::timeout, [&] {
    server.resume();
    ASSERT_TRUE(eventually([&] { return server.ask("connections") == "2"; }));
  });
}

TEST_F(mail_notifications, server_hangs) {
  server.ask("hang RCPT");
  trips_and_recovers(*impatient(), errc::timeout, [&] {
    ASSERT_TRUE(eventually([&] { return server.ask("connections") == "2"; }));
    server.ask("healthy");
  });
}

TEST_F(mail_notifications, server_drops_connections) {
  server.ask("drop MAIL");
  trips_and_recovers(*mail(), errc::operation_failed,
                     [&] { server.ask("healthy"); });
}

} // namespace

} // namespace switchgear::test

/// Every kind of call, with every interface: made, turned away, given up.

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>

#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>

#include "integrations/grpc_client/greeter_server.hpp"
#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

class kinds_of_calls : public testing::Test {
public:
  using kind = std::function<grpc::Status()>;

  /// Goes well, is turned away, and ends in an error of the server's.
  void expect_protection(const kind& call) {
    EXPECT_TRUE(call().ok());
    EXPECT_EQ(stats().total_successes, 1u);
    ASSERT_TRUE(db.force_open());
    for (int i = 0; i < 3; ++i) {
      const auto status = call();
      EXPECT_TRUE(rejection_of(status)) << status.error_message();
    }
    EXPECT_EQ(stats().total_rejected, 3u);
    EXPECT_EQ(server.calls(), 1u);
    ASSERT_TRUE(db.reset());
    server.behave("status 13");
    EXPECT_EQ(call().error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_EQ(stats().total_failures, 1u);
    EXPECT_EQ(stats().calls_under_way, 0u);
    EXPECT_EQ(server.calls(), 2u);
  }

  /// Waits for that many operations.
  void await(grpc::CompletionQueue& queue, int count) {
    for (void* tag = nullptr; count > 0; --count) {
      bool good = false;
      ASSERT_EQ(queue.AsyncNext(&tag, &good,
                                std::chrono::system_clock::now() + patience),
                grpc::CompletionQueue::GOT_EVENT);
    }
  }

  statistics stats() {
    return db.stats().value();
  }

  runtime rt;
  breaker db = rt.breaker("db", trips_after(1000));
  greeter_server server;
  std::unique_ptr<Greeter::Stub> stub = Greeter::NewStub(make_grpc_channel(
    db, server.address(), grpc::InsecureChannelCredentials(), {}, impatient()));
};

TEST_F(kinds_of_calls, unary) {
  expect_protection([&] {
    grpc::ClientContext context;
    Text answer;
    auto status = stub->Unary(&context, text("you"), &answer);
    EXPECT_EQ(answer.text(), status.ok() ? "hello you" : "");
    return status;
  });
}

TEST_F(kinds_of_calls, upload) {
  expect_protection([&] {
    grpc::ClientContext context;
    Text answer;
    auto to = stub->Upload(&context, &answer);
    for (int i = 0; i < 3; ++i)
      to->Write(text("you"));
    to->WritesDone();
    auto status = to->Finish();
    EXPECT_EQ(answer.text(), status.ok() ? "hello you you you" : "");
    return status;
  });
}

TEST_F(kinds_of_calls, upload_in_one_piece) {
  expect_protection([&] {
    grpc::ClientContext context;
    context.set_initial_metadata_corked(true);
    Text answer;
    auto to = stub->Upload(&context, &answer);
    to->WriteLast(text("you"), {});
    return to->Finish();
  });
}

TEST_F(kinds_of_calls, download) {
  expect_protection([&] {
    grpc::ClientContext context;
    auto from = stub->Download(&context, text("you"));
    int pieces = 0;
    for (Text next; from->Read(&next);)
      ++pieces;
    auto status = from->Finish();
    EXPECT_EQ(pieces, rejection_of(status) ? 0 : 3);
    return status;
  });
}

TEST_F(kinds_of_calls, chat) {
  expect_protection([&] {
    grpc::ClientContext context;
    auto both = stub->Chat(&context);
    const bool sent = both->Write(text("you"));
    Text next;
    const bool got = both->Read(&next);
    both->WritesDone();
    auto status = both->Finish();
    EXPECT_EQ(got, !rejection_of(status));
    EXPECT_EQ(sent, got);
    return status;
  });
}

TEST_F(kinds_of_calls, unary_with_a_queue) {
  expect_protection([&] {
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    auto call = stub->AsyncUnary(&context, text("you"), &queue);
    Text answer;
    grpc::Status status;
    call->Finish(&answer, &status, this);
    await(queue, 1);
    return status;
  });
}

TEST_F(kinds_of_calls, chat_with_a_queue) {
  expect_protection([&] {
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    auto both = stub->AsyncChat(&context, &queue, this);
    await(queue, 1);
    both->Write(text("you"), this);
    await(queue, 1);
    Text next;
    both->Read(&next, this);
    await(queue, 1);
    both->WritesDone(this);
    await(queue, 1);
    grpc::Status status;
    both->Finish(&status, this);
    await(queue, 1);
    return status;
  });
}

TEST_F(kinds_of_calls, unary_with_callbacks) {
  expect_protection([&] {
    grpc::ClientContext context;
    const auto question = text("you");
    Text answer;
    std::promise<grpc::Status> done;
    stub->async()->Unary(
      &context, &question, &answer,
      [&](grpc::Status status) { done.set_value(std::move(status)); });
    return done.get_future().get();
  });
}

TEST_F(kinds_of_calls, download_with_callbacks) {
  struct reader final : grpc::ClientReadReactor<Text> {
    void OnReadDone(bool good) override {
      if (good)
        StartRead(&next);
    }

    void OnDone(const grpc::Status& status) override {
      done.set_value(status);
    }

    Text next;
    std::promise<grpc::Status> done;
  };
  expect_protection([&] {
    grpc::ClientContext context;
    const auto question = text("you");
    reader into;
    stub->async()->Download(&context, &question, &into);
    into.StartRead(&into.next);
    into.StartCall();
    return into.done.get_future().get();
  });
}

// -- calls that are given up --------------------------------------------------

TEST_F(kinds_of_calls, that_are_cancelled) {
  {
    grpc::ClientContext context;
    auto both = stub->Chat(&context);
    both->Write(text("you"));
    EXPECT_EQ(stats().calls_under_way, 1u);
    context.TryCancel();
    EXPECT_EQ(both->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  EXPECT_EQ(stats().total_cancelled, 1u);
  ASSERT_TRUE(db.force_open());
  grpc::ClientContext context;
  auto both = stub->Chat(&context);
  context.TryCancel();
  EXPECT_FALSE(both->Finish().ok());
}

TEST_F(kinds_of_calls, whose_end_nobody_asks_for) {
  {
    grpc::ClientContext context;
    auto both = stub->Chat(&context);
    both->Write(text("you"));
    context.TryCancel();
  }
  EXPECT_TRUE(eventually([&] { return stats().total_cancelled == 1u; }));
  EXPECT_EQ(stats().calls_under_way, 0u);
}

} // namespace

} // namespace switchgear::test

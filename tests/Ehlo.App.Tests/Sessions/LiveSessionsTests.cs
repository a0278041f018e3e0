using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Ehlo.App.Sessions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Ehlo.App.Tests.Sessions;

public sealed class LiveSessionsTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
    private readonly LiveSessions _sessions;

    public LiveSessionsTests() => _sessions = new LiveSessions(_clock);

    [Fact]
    public void An_open_session_becomes_a_recent_one_and_is_found_as_both()
    {
        LiveSession first = _sessions.Open("1", "192.0.2.1", "*:25");
        LiveSession second = _sessions.Open("2", "192.0.2.2", "*:25");
        Assert.Equal(["2", "1"], _sessions.List(10).Open.Select(facts => facts.Id));
        _clock.Advance(TimeSpan.FromSeconds(5));
        _sessions.Close(first);
        _sessions.Close(first);
        SessionLists lists = _sessions.List(10);
        Assert.Equal((1, "2", "1"), (lists.OpenCount, lists.Open.Single().Id, lists.Recent.Single().Id));
        Assert.Equal(TimeSpan.FromSeconds(5), lists.Recent.Single().ClosedAt - lists.Recent.Single().OpenedAt);
        Assert.Same(first, _sessions.Find("1"));
        Assert.Same(second, _sessions.Find("2"));
        Assert.Null(_sessions.Find("3"));
    }

    [Fact]
    public void A_list_may_be_a_part_of_what_is_open()
    {
        for (int i = 0; i < 5; i++) _sessions.Open($"{i}", "", "");
        SessionLists lists = _sessions.List(2);
        Assert.Equal(5, lists.OpenCount);
        Assert.Equal(["4", "3"], lists.Open.Select(facts => facts.Id));
    }

    [Fact]
    public void Of_those_that_are_closed_the_last_hundred_are_kept()
    {
        for (int i = 0; i < 150; i++) _sessions.Close(_sessions.Open($"{i}", "", ""));
        SessionLists lists = _sessions.List(10);
        Assert.Equal((0, LiveSessions.MaxRecent), (lists.OpenCount, lists.Recent.Count));
        Assert.Equal(("149", "50"), (lists.Recent[0].Id, lists.Recent[^1].Id));
        Assert.Null(_sessions.Find("49"));
    }

    [Fact]
    public void Dialogues_of_a_thousand_open_sessions_are_kept_and_a_place_is_free_again_when_one_closes()
    {
        LiveSession first = _sessions.Open("first", "", "");
        for (int i = 1; i < 1000; i++) _sessions.Open($"{i}", "", "");
        LiveSession without = _sessions.Open("without", "", "");
        Say(without, "EHLO a");
        Assert.False(without.Facts.HasLines);
        Assert.Empty(without.Read(0).Lines);
        _sessions.Close(without);
        Assert.False(_sessions.Open("still without", "", "").Facts.HasLines);
        _sessions.Close(first);
        Assert.True(_sessions.Open("with", "", "").Facts.HasLines);
    }

    [Fact]
    public void The_oldest_lines_of_a_long_dialogue_go_and_their_numbers_tell()
    {
        LiveSession session = _sessions.Open("1", "", "");
        for (int i = 0; i < 10_000; i++) Say(session, $"NOOP {i}");
        SessionNews news = session.Read(0);
        Assert.InRange(news.Lines.Count, 100, 500);
        Assert.Equal(10_000 - news.Lines.Count, news.LeftOut);
        Assert.Equal(Enumerable.Range((int)news.LeftOut, news.Lines.Count).Select(number => $"NOOP {number}"), news.Lines.Select(line => line.Text));
        Assert.Equal(Enumerable.Range((int)news.LeftOut, news.Lines.Count).Select(number => (long)number), news.Lines.Select(line => line.Number));
        Assert.Equal([9_999L], session.Read(9_999).Lines.Select(line => line.Number));
    }

    [Fact]
    public void A_line_has_the_state_that_held_when_it_was_said()
    {
        LiveSession session = _sessions.Open("1", "", "");
        Say(session, "EHLO a");
        session.Update(0, static (ref facts, _) => (facts.Hello, facts.Tls) = ("a", "TLS 1.3"));
        Say(session, "MAIL FROM:<>");
        session.Update(0, static (ref facts, _) => (facts.From, facts.Identity) = ("", "ann"));
        Say(session, "250 OK");
        Assert.Equal(
            [
                SessionState.None,
                SessionState.Hello | SessionState.Tls,
                SessionState.Hello | SessionState.Tls | SessionState.LoggedIn | SessionState.Transaction,
            ],
            session.Read(0).Lines.Select(line => line.State));
    }

    [Fact]
    public async Task Who_waits_hears_of_lines_of_facts_and_of_the_end()
    {
        LiveSession session = _sessions.Open("1", "", "");
        Task line = session.ChangedSince(session.Read(0).Version);
        Assert.False(line.IsCompleted);
        Say(session, "NOOP");
        await line.WaitAsync(TimeSpan.FromSeconds(10));
        Task facts = session.ChangedSince(session.Read(0).Version);
        session.Update(0, static (ref facts, _) => facts.Hello = "a");
        await facts.WaitAsync(TimeSpan.FromSeconds(10));
        long version = session.Read(0).Version;
        _sessions.Close(session);
        Assert.True(session.ChangedSince(version).IsCompleted);
    }

    private void Say(LiveSession session, string line) => session.Say(_clock.GetUtcNow(), isClient: true, Encoding.UTF8.GetBytes(line));
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ehlo.App.Configuration;
using Ehlo.Testing;
using Xunit;

namespace Ehlo.App.Tests.Configuration;

/// <summary>The key Faults of the configuration, which is the body of the API too.</summary>
public sealed class FaultsReaderTests
{
    [Fact]
    public void Every_key_of_a_fault_is_read()
    {
        IReadOnlyList<Fault> faults = Read("""
            { "Faults": [
              { "At": "Connect", "Reply": "421 Not now", "Times": 3 },
              { "at": "hello", "hello": "*.bad.example", "delay": "00:00:05", "reply": "550 Go away" },
              { "At": "StartTls", "FailTls": true, "Probability": 0.5, "Seed": 7 },
              { "At": "Auth", "Address": "ann", "Disconnect": true, "FailTls": false },
              { "At": "Mail", "Address": "", "Reply": "450 4.7.1 No reports", "Probability": 1 },
              { "At": "Message", "Address": "*@example.org", "Throttle": 1000, "Disconnect": true, "AfterOctets": 5000 },
              { "At": "Message", "Keep": true, "Reply": "451 4.3.0 Or not" }
            ] }
            """);
        Assert.Equal(
            [
                Fault.AtConnect().Reply("421 Not now").Times(3),
                Fault.AtHello("*.bad.example").Delay(TimeSpan.FromSeconds(5)).Reply("550 Go away"),
                Fault.AtStartTls().FailTls().WithProbability(0.5, 7),
                Fault.AtAuth("ann").Disconnect(),
                Fault.AtMail("").Reply("450 4.7.1 No reports"),
                Fault.AtMessage("*@example.org").Throttle(1000).DisconnectAfter(5000),
                Fault.AtMessage().Keep().Reply("451 4.3.0 Or not"),
            ],
            faults);
        Assert.Empty(Read("{}"));
    }

    [Theory]
    [InlineData("""{ "Reply": "450 No" }""", "Faults[0].At: is missing")]
    [InlineData("""{ "At": "Quit", "Reply": "450 No" }""",
        "Faults[0].At: must be Connect, Hello, StartTls, Auth, Mail, Rcpt, Data or Message")]
    [InlineData("""{ "At": "Mail" }""", "Faults[0].At: the fault has no effect")]
    [InlineData("""{ "At": "Mail", "Replay": "450 No", "Delay": "00:00:01" }""", "Faults[0].Replay: unknown key")]
    [InlineData("""{ "At": "Mail", "Reply": "250 OK" }""", "Faults[0].Reply: a reply begins with a code of three digits, 4yz or 5yz")]
    [InlineData("""{ "At": "Mail", "Reply": 450 }""", "Faults[0].Reply: must be a string, not a number")]
    [InlineData("""{ "At": "Connect", "Reply": "450 No" }""", "Faults[0].Reply: a greeting that turns away is 421, 521 or 554")]
    [InlineData("""{ "At": "Connect", "Address": "a@b", "Disconnect": true }""", "Faults[0].Address: there is no address to match with at Connect")]
    [InlineData("""{ "At": "Mail", "Reply": "450 No", "Disconnect": true }""",
        "Faults[0].Disconnect: a fault that replies or fails TLS does not disconnect")]
    [InlineData("""{ "At": "Rcpt", "Throttle": 5 }""", "Faults[0].Throttle: only content is throttled, at Message")]
    [InlineData("""{ "At": "Message", "Throttle": 0 }""", "Faults[0].Throttle: must be a whole number from 1 to 2147483647")]
    [InlineData("""{ "At": "Message", "AfterOctets": 5, "Reply": "450 No" }""", "Faults[0].AfterOctets: needs Disconnect")]
    [InlineData("""{ "At": "Mail", "Delay": "5 s" }""",
        "Faults[0].Delay: must be a time as hours:minutes:seconds, from 00:00:00.0010000 to 01:00:00")]
    [InlineData("""{ "At": "Mail", "Reply": "450 No", "Times": 0 }""", "Faults[0].Times: must be a whole number from 1 to 2147483647")]
    [InlineData("""{ "At": "Mail", "Reply": "450 No", "Probability": 1.5 }""", "Faults[0].Probability: must be a number above 0, up to 1")]
    [InlineData("""{ "At": "Mail", "Reply": "450 No", "Probability": 0 }""", "Faults[0].Probability: must be a number above 0, up to 1")]
    [InlineData("""{ "At": "Mail", "Reply": "450 No", "Seed": 1 }""", "Faults[0].Seed: needs Probability")]
    [InlineData("5", "Faults[0]: must be an object, not a number")]
    public void What_is_wrong_is_named_with_its_path(string fault, string problem)
    {
        List<string> problems = [];
        Read($$"""{ "Faults": [ {{fault}} ] }""", problems);
        Assert.Equal([problem], problems);
    }

    [Fact]
    public void More_than_a_hundred_are_refused()
    {
        List<string> problems = [];
        string many = string.Join(",", Enumerable.Repeat("""{ "At": "Mail", "Reply": "450 No" }""", 101));
        Read($$"""{ "Faults": [ {{many}} ] }""", problems);
        Assert.Equal(["Faults: must hold at most 100 faults"], problems);
    }

    [Fact]
    public void A_wrong_fault_stops_the_start_and_the_environment_gives_faults_too()
    {
        Dictionary<string, string> environment = new() { ["EHLO__Faults__0__At"] = "Rcpt", ["EHLO__Faults__0__Probability"] = "0.5" };
        ConfigurationSources sources = new() { CurrentFolder = Path.GetTempPath(), Environment = environment };
        ConfigurationException exception = Assert.Throws<ConfigurationException>(() => ConfigurationReader.Read(sources));
        Assert.Equal(["Faults[0].At: the fault has no effect (from EHLO__Faults__0__At)"], exception.Problems);
        environment["EHLO__Faults__0__Disconnect"] = "true";
        Assert.Equal([Fault.AtRcpt().Disconnect().WithProbability(0.5)], ConfigurationReader.Read(sources).Options.Faults);
    }

    private static IReadOnlyList<Fault> Read(string json, List<string>? problems = null)
    {
        List<string> found = problems ?? [];
        SectionReader root = new(ConfigurationTree.Parse(System.Text.Encoding.UTF8.GetBytes(json), "test", found), "", found);
        IReadOnlyList<Fault> faults = FaultsReader.Read(root);
        root.RefuseTheRest();
        if (problems is null) Assert.Empty(found);
        return faults;
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Interop.Tests.Foreign;
using Ehlo.Sasl;
using Xunit;

namespace Ehlo.Interop.Tests;

/// <summary>Our client against servers of others: what they delivered is what was sent, octet for octet.</summary>
public sealed class ForeignTests(ForeignServers servers)
{
    public static TheoryData<string, Way> All => Ways(Offers.None);

    public static TheoryData<string, Way> WithRefusals => Ways(Offers.Refusals);

    public static TheoryData<string, Way> WithStartTls => Ways(Offers.StartTls);

    public static TheoryData<string, Way> WithDsn => Ways(Offers.Dsn);

    // By verbs nobody looks beforehand at what a message needs.
    public static TheoryData<string, Way> WithoutSmtpUtf8 =>
    [
        .. Ways(Offers.None).Select(row => row.Data)
            .Where(row => row.Item2 is not Way.Lockstep && !ForeignServers.HasOffer(row.Item1, Offers.SmtpUtf8)),
    ];

    public static TheoryData<string, Way> WithSmtpUtf8 => Ways(Offers.SmtpUtf8);

    [Theory, MemberData(nameof(All))]
    public Task Contents_of_all_kinds_on_one_connection(string server, Way way) => DeliverAsync(
        server,
        way,
        [Contents.Plain(), Contents.LeadingDots, Contents.EmptyBody, Contents.NoLastLineEnd, Contents.LongestLines, Contents.EightBit]);

    [Theory, MemberData(nameof(All))]
    public Task Two_hundred_messages_on_one_connection(string server, Way way) =>
        DeliverAsync(server, way, [.. Enumerable.Range(1, 200).Select(number => Contents.Plain($"Number {number}"))]);

    [Theory, MemberData(nameof(All))]
    public Task Five_megabytes(string server, Way way) => DeliverAsync(server, way, [Contents.OfSize(5 * 1024 * 1024)]);

    [Theory, MemberData(nameof(All))]
    public async Task Many_recipients_of_one_message(string server, Way way)
    {
        ForeignServer receiver = await servers.GetAsync(server);
        Sending message = Sending.Make(Contents.Plain(), [.. Enumerable.Range(1, 40).Select(_ => NewAddress())]);
        IReadOnlyList<IReadOnlyList<RecipientResult>> results = await SendAsync(new ForeignClient(receiver, way), [message.Pair]);
        Assert.Equal(40, results[0].Count);
        await CheckAsync(receiver, [message], results);
    }

    [Theory, MemberData(nameof(WithRefusals))]
    public async Task A_refused_recipient_among_good_ones(string server, Way way)
    {
        ForeignServer receiver = await servers.GetAsync(server);
        string[] to = [NewAddress(), "refused+" + NewAddress(), NewAddress()];
        Sending[] messages =
        [
            Sending.Make(Contents.Plain("One is refused"), to),
            Sending.Make(Contents.Plain("All are refused"), to[1]),
            Sending.Make(Contents.Plain("None is refused"), to[0], to[2]),
        ];
        IReadOnlyList<IReadOnlyList<RecipientResult>> results =
            await SendAsync(new ForeignClient(receiver, way), [.. messages.Select(message => message.Pair)]);
        Assert.Equal([true, false, true], results[0].Select(result => result.IsAccepted));
        Assert.Equal(550, results[0][1].Reply.Code);
        Assert.Equal(550, Assert.Single(results[1]).Reply.Code);
        Assert.All(results[2], result => Assert.True(result.IsAccepted, result.ToString()));
        await receiver.VerifyAsync(messages[0], to[0], to[2]);
        await receiver.VerifyAsync(messages[2], to[0], to[2]);
        Assert.Empty(receiver.Found(messages[1].Id));
    }

    [Theory, MemberData(nameof(WithSmtpUtf8))]
    public async Task Utf8_in_addresses_and_header(string server, Way way)
    {
        ForeignServer receiver = await servers.GetAsync(server);
        Sending message = Sending.Make(Contents.Utf8("Grüße, δοκιμή"), "用户." + NewAddress());
        string to = $"{message.Envelope.Recipients[0].Path.Mailbox}";
        message = message with { Envelope = new Envelope("δοκιμή@client.example", to) { RequiresSmtpUtf8 = true } };
        await CheckAsync(receiver, [message], await SendAsync(new ForeignClient(receiver, way), [message.Pair]));
    }

    [Theory, MemberData(nameof(WithoutSmtpUtf8))]
    public async Task A_server_without_SMTPUTF8_is_not_asked(string server, Way way)
    {
        ForeignServer receiver = await servers.GetAsync(server);
        ForeignClient client = new(receiver, way);
        Sending refused = Sending.Make(Contents.Utf8("Grüße"), "用户." + NewAddress());
        Sending good = Sending.Make(Contents.Plain(), NewAddress());
        IReadOnlyList<IReadOnlyList<RecipientResult>> results = await SendAsync(client, [refused.Pair, good.Pair]);
        RecipientResult result = Assert.Single(results[0]);
        Assert.Equal((true, 550, "5.6.7"), (result.IsLocal, result.Reply.Code, $"{result.Reply.Status}"));
        Assert.Contains("SMTPUTF8", result.Reply.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(client.Said, line => line.Any(c => c > 127));
        await CheckAsync(receiver, [good], [results[1]]);
    }

    [Theory, MemberData(nameof(WithDsn))]
    public async Task What_is_asked_of_reports(string server, Way way)
    {
        ForeignServer receiver = await servers.GetAsync(server);
        Mailbox to = Mailbox.Parse(NewAddress());
        EnvelopeRecipient recipient = new(new ForwardPath(to))
        {
            Notify = Notify.Failure | Notify.Delay,
            OriginalRecipient = new(Mailbox.Parse("x+y@client.example")),
        };
        Envelope envelope = new(new ReversePath(Mailbox.Parse("a@client.example")), [recipient])
        {
            Return = DsnReturn.Headers,
            EnvelopeId = "an id=1+1",
        };
        ForeignClient client = new(receiver, way);
        Sending message = Sending.Make(Contents.Plain(), $"{to}") with { Envelope = envelope };
        await CheckAsync(receiver, [message], await SendAsync(client, [message.Pair]));
        Assert.Contains(client.Said, line => line.Contains(" RET=HDRS ENVID=an+20id+3D1+2B1", StringComparison.Ordinal));
        Assert.Contains(
            client.Said, line => line.Contains(" NOTIFY=FAILURE,DELAY ORCPT=rfc822;x+2By@client.example", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(WithStartTls))]
    public Task STARTTLS(string server, Way way) => DeliverAsync(
        server, way, [Contents.LeadingDots, Contents.Plain(), Contents.OfSize(300_000)], client => client with { Security = Security.StartTls });

    [Theory, MemberData(nameof(Logins))]
    public async Task A_user_logs_in(string server, string mechanism)
    {
        SaslClientMechanism chosen = SaslClientMechanisms.All.Single(known => known.Name == mechanism);
        Security security = ForeignServers.HasOffer(server, Offers.StartTls) ? Security.StartTls : Security.None;
        ForeignClient client = await DeliverAsync(
            server, Way.Sender, [Contents.Plain(), Contents.Plain()], client => client with { Security = security, Mechanism = chosen });
        Assert.Contains(client.Said, line => line.StartsWith($"AUTH {mechanism}", StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Logins
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach ((string server, string[] mechanisms) in ForeignServers.Mechanisms)
            {
                foreach (string mechanism in mechanisms) data.Add(server, mechanism);
            }
            return data;
        }
    }

    private static TheoryData<string, Way> Ways(Offers offers)
    {
        TheoryData<string, Way> data = [];
        foreach (string server in ForeignServers.Offering(offers))
        {
            foreach (Way way in Enum.GetValues<Way>()) data.Add(server, way);
        }
        return data;
    }

    private static string NewAddress() => $"{Guid.NewGuid():N}@example.test";

    private async Task<ForeignClient> DeliverAsync(
        string server, Way way, IEnumerable<byte[]> contents, Func<ForeignClient, ForeignClient>? change = null)
    {
        ForeignServer receiver = await servers.GetAsync(server);
        ForeignClient client = new(receiver, way);
        client = change?.Invoke(client) ?? client;
        Sending[] messages = [.. contents.Select(content => Sending.Make(content, NewAddress()))];
        await CheckAsync(receiver, messages, await SendAsync(client, [.. messages.Select(message => message.Pair)]));
        return client;
    }

    private static async Task<IReadOnlyList<IReadOnlyList<RecipientResult>>> SendAsync(
        ForeignClient client, params IReadOnlyList<(Envelope Envelope, byte[] Content)> messages)
    {
        try
        {
            return await client.SendAsync(messages);
        }
        catch (SmtpConnectionException exception)
        {
            throw new InvalidOperationException($"{exception.Message}\n{client.Server.Output()}", exception);
        }
    }

    private static async Task CheckAsync(
        ForeignServer server, Sending[] messages, IReadOnlyList<IReadOnlyList<RecipientResult>> results)
    {
        Assert.Equal(messages.Length, results.Count);
        foreach ((Sending message, IReadOnlyList<RecipientResult> recipients) in messages.Zip(results))
        {
            Assert.All(recipients, result => Assert.True(result.IsAccepted, $"{result}\n{server.Output()}"));
            await server.VerifyAsync(message, [.. message.Envelope.Recipients.Select(recipient => $"{recipient.Path.Mailbox}")]);
        }
    }
}

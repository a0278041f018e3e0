using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.App.Tests.Send;
using Ehlo.Testing;
using Xunit;

namespace Ehlo.App.Tests.Sendmail;

/// <summary><c>ehlo sendmail</c>, as programs call it.</summary>
public sealed class SendmailTests : IDisposable
{
    private const string Complete = "From: a@example.org\nDate: Thu, 26 Nov 2026 01:00:00 +0000\nMessage-ID: <1@example.org>\n";

    private readonly SendProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Recipients_are_taken_from_the_header_and_Bcc_is_removed()
    {
        ReceivedMessage received = await SendAsync(
            $"{Complete}To: B <b@example.org>,\n c@example.org\nBcc: d@example.org,\n\te@example.org\nCc: root\n\nbody\n",
            "-t", "-i", "f@example.org");
        Assert.Equal(
            ["f@example.org", "b@example.org", "c@example.org", "d@example.org", "e@example.org", "root@client.test"],
            received.Recipients.Select(recipient => recipient.Path.Address));
        Assert.Equal(
            $"{Complete}To: B <b@example.org>,\n c@example.org\nCc: root\n\nbody\n".ReplaceLineEndings("\r\n"), received.ToText());
        Assert.Equal("<pat@client.test>", received.ReversePath.ToString());
    }

    [Fact]
    public async Task Of_a_message_that_is_sent_on_the_Resent_fields_count()
    {
        ReceivedMessage received = await SendAsync(
            $"Resent-To: x@example.org\nResent-Bcc: y@example.org\n{Complete}To: b@example.org\n\nbody\n", "-t");
        Assert.Equal(["x@example.org", "y@example.org"], received.Recipients.Select(recipient => recipient.Path.Address));
        Assert.DoesNotContain("y@example.org", received.ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("To: a@example.org, <broken@, b@example.org", "To")]
    [InlineData("To:\nCc: x y@example.org", "Cc")]
    public async Task Nobody_is_left_out_because_a_field_cannot_be_read(string field, string name)
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        _program.Environment["EHLO_SENDMAIL_URL"] = server.Uri.ToString();
        _program.TakeInput($"{Complete}{field}\nBcc: c@example.org\n\nbody\n");
        Assert.Equal(65, await _program.RunAsync("sendmail", "-t", "d@example.org"));
        Assert.StartsWith($"sendmail: the addresses of {name} cannot be read: ", _program.Error, StringComparison.Ordinal);
        Assert.Empty(server.Messages);
    }

    [Theory]
    [InlineData("one\n.\ntwo\n", "one\r\n")]
    [InlineData("one\r\n.\r\ntwo\r\n", "one\r\n")]
    [InlineData("one\n.\ntwo\n", "one\r\n.\r\ntwo\r\n", "-i")]
    [InlineData("one\n.\ntwo", "one\r\n.\r\ntwo\r\n", "-oi")]
    [InlineData("one\n.two\n..\n", "one\r\n.two\r\n..\r\n")]
    public async Task A_line_with_one_dot_is_the_end_but_for_i(string body, string expected, params string[] args)
    {
        ReceivedMessage received = await SendAsync($"{Complete}\n{body}", [.. args, "b@example.org"]);
        Assert.Equal($"{Complete}\n".ReplaceLineEndings("\r\n") + expected, received.ToText());
    }

    [Fact]
    public async Task What_the_header_lacks_is_added()
    {
        ReceivedMessage received = await SendAsync("Subject: x\n\nbody\n", "-f", "me@example.org", "-FJö Doe", "b@example.org");
        string[] header = received.ToText().Split("\r\n\r\n")[0].Split("\r\n");
        Assert.StartsWith("From: =?utf-8?", header[0], StringComparison.Ordinal);
        Assert.EndsWith("<me@example.org>", header[0], StringComparison.Ordinal);
        Assert.StartsWith("Date: ", header[1], StringComparison.Ordinal);
        Assert.StartsWith("Message-ID: <", header[2], StringComparison.Ordinal);
        Assert.Equal("Subject: x", header[3]);
        Assert.Equal("<me@example.org>", received.ReversePath.ToString());
    }

    [Theory]
    [InlineData("no header at all\n", "\r\n\r\nno header at all\r\n")]
    [InlineData("From pat Thu Nov 26 01:00:00 2026\nSubject: x\n\nbody\n", "Subject: x\r\n\r\nbody\r\n")]
    [InlineData("Subject: x\nbody: \n no field here\n", "Subject: x\r\nbody: \r\n no field here\r\n\r\n")]
    public async Task A_body_without_a_header_and_the_line_of_a_mailbox_are_known(string input, string end)
    {
        ReceivedMessage received = await SendAsync(input, "b@example.org");
        Assert.EndsWith(end, received.ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain("From pat ", received.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_are_asked_for_and_options_of_other_systems_change_nothing()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        _program.Environment["EHLO_SENDMAIL_URL"] = server.Uri.ToString();
        _program.TakeInput($"{Complete}\nbody\n");
        Assert.Equal(0, await _program.RunAsync(
            "sendmail", "-odi", "-oem", "-O", "Timeout=1", "-oA/etc/aliases", "-B8BITMIME", "-bm", "-n", "-Nnever", "-Rhdrs", "-V", "id",
            "-U", "-L", "tag", "-v", "--", "b@example.org"));
        string dialogue = Assert.Single(server.Connections).ToString();
        Assert.Contains("RET=HDRS ENVID=id", dialogue, StringComparison.Ordinal);
        Assert.Contains("NOTIFY=NEVER", dialogue, StringComparison.Ordinal);
        Assert.Contains("C: RCPT TO:<b@example.org> NOTIFY=NEVER", _program.Lines);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(64, "-bs")]
    [InlineData(64, "-bp")]
    [InlineData(64, "-q")]
    [InlineData(64, "-z", "b@example.org")]
    [InlineData(64, "-f")]
    [InlineData(65, "-t")]
    [InlineData(65, "a b")]
    [InlineData(78, "b@example.org", "no url")]
    public async Task Wrong_use_has_the_exit_codes_of_sendmail(int code, params string[] args)
    {
        _program.Environment["EHLO_SENDMAIL_URL"] = args.Contains("no url") ? "ftp://x" : "smtp://127.0.0.1:1";
        _program.TakeInput("Subject: for nobody\n\nbody\n");
        Assert.Equal(code, await _program.RunAsync(["sendmail", .. args]));
        Assert.StartsWith("sendmail: ", _program.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(550, 1, 67)]
    [InlineData(554, 7, 69)]
    [InlineData(451, 1, 75)]
    public async Task A_refusal_has_the_exit_codes_of_sendmail(int code, int subject, int expected)
    {
        await using Receiver receiver = new() { OnRcpt = _ => new(code, new EnhancedStatusCode(code / 100, subject, 1), "not so") };
        _program.Environment["EHLO_SENDMAIL_URL"] = receiver.Url;
        _program.TakeInput("\nbody\n");
        Assert.Equal(expected, await _program.RunAsync("sendmail", "b@example.org"));
        Assert.Equal($"sendmail: <b@example.org>: {code} {code / 100}.{subject}.1 not so", _program.Error.TrimEnd());
        Assert.Equal("", _program.Output);
    }

    [Fact]
    public async Task No_server_is_for_later_and_a_wrong_password_is_not()
    {
        _program.TakeInput("\nbody\n");
        _program.Environment["EHLO_SENDMAIL_URL"] = "smtp://127.0.0.1:1";
        Assert.Equal(75, await _program.RunAsync("sendmail", "b@example.org"));
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { Accounts = { ["app"] = "sesame" } });
        _program.Environment["EHLO_SENDMAIL_URL"] = $"smtp://app:wrong@{server.Endpoint}";
        Assert.Equal(77, await _program.RunAsync("sendmail", "b@example.org"));
    }

    [Fact]
    public async Task A_file_says_where_to_as_whom_and_from_whom()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { Accounts = { ["app"] = "sesame" } });
        string folder = Path.Combine(_program.Folder, ".config", "ehlo");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "pw"), "sesame\n");
        File.WriteAllText(Path.Combine(folder, "sendmail.json"), $$"""
            { "Url": "{{server.Uri}}", "User": "app", "PasswordFile": "pw", "From": "web", "Domain": "example.org" }
            """);
        _program.Environment["HOME"] = _program.Folder;
        _program.TakeInput("\nbody\n");
        Assert.Equal(0, await _program.RunAsync("sendmail", "root"));
        ReceivedMessage received = await server.WaitForAsync();
        Assert.Equal("app", received.Identity);
        Assert.Equal("<web@example.org>", received.ReversePath.ToString());
        Assert.True(received.IsFor("root@example.org"));
        File.WriteAllText(Path.Combine(folder, "sendmail.json"), """{ "Host": "x" }""");
        Assert.Equal(78, await _program.RunAsync("sendmail", "root"));
        Assert.Contains("sendmail.json cannot be used: Host: no such key", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Called_as_sendmail_it_is_sendmail()
    {
        _program.Name = "sendmail";
        Assert.Equal(64, await _program.RunAsync("-bs"));
        Assert.StartsWith("sendmail: -bs", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_help_is_there()
    {
        Assert.Equal(0, await _program.RunAsync("sendmail", "--help"));
        Assert.Contains("EHLO_SENDMAIL_URL", _program.Output, StringComparison.Ordinal);
    }

    private async Task<ReceivedMessage> SendAsync(string input, params string[] args)
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        _program.Environment["EHLO_SENDMAIL_URL"] = server.Uri.ToString();
        _program.TakeInput(input);
        int code = await _program.RunAsync(["sendmail", .. args]);
        Assert.True(code == 0, _program.Error);
        Assert.Equal("", _program.Output);
        return await server.WaitForAsync();
    }
}

using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Ehlo.App.Commands;
using Ehlo.App.Tests.Configuration;
using Xunit;

namespace Ehlo.App.Tests.Commands;

/// <summary><c>ehlo sink</c> in process, and clients on sockets.</summary>
public sealed class SinkTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("ehlo-sink-").FullName;
    private readonly FirstLine _output = new();
    private readonly StringWriter _error = new();
    private readonly ManualStop _stop = new();
    private Task<int>? _run;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        _stop.Request();
        if (_run is not null) await _run.WaitAsync(Patience);
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("event-loops")]
    [InlineData("portable")]
    public async Task Takes_every_message_and_keeps_nothing(string driver)
    {
        using Stream stream = await ConnectAsync("smtp", "--driver", driver);
        Assert.Equal(
            [
                "220 sink.test ESMTP ready",
                "250 sink.test",
                "250 2.1.0 OK",
                "250 2.1.5 OK",
                "354 End with CRLF.CRLF",
                "250 2.6.0 OK, discarded",
                "221 2.0.0 Bye",
            ],
            await TalkAsync(
                stream, "HELO client.example", "MAIL FROM:<a@example.org>", "RCPT TO:<b@anywhere.example>", "DATA",
                "Subject: x\r\n\r\nText\r\n.", "QUIT"));
        _stop.Request();
        Assert.Equal(0, await _run!.WaitAsync(Patience));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task Lets_everybody_in()
    {
        using Stream stream = await ConnectAsync("smtp");
        string[] replies = await TalkAsync(stream, "EHLO client.example", "AUTH PLAIN AGFueWJvZHkAYW55dGhpbmc=", "NOOP");
        Assert.Contains("250-AUTH PLAIN LOGIN", replies[1], StringComparison.Ordinal);
        Assert.Equal("235 2.7.0 Authentication succeeded", replies[2]);
    }

    [Fact]
    public async Task Reads_neither_file_nor_environment()
    {
        File.WriteAllText(Path.Combine(_folder, "ehlo.json"), """{ "ServerName": "file.example" }""");
        using Stream stream = await ConnectAsync("smtp");
        Assert.Equal("220 sink.test ESMTP ready", (await TalkAsync(stream))[0]);
    }

    [Fact]
    public async Task Speaks_TLS_from_the_first_octet_with_a_certificate()
    {
        PemFiles.Write(_folder, "cert.pem", "key.pem");
        using Stream plain = await ConnectAsync("smtps", "--certificate", "cert.pem", "--private-key", "key.pem");
        using SslStream stream = new(plain);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mx.example.org",
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=mx.example.org",
        });
        Assert.Equal(["220 sink.test ESMTP ready", "221 2.0.0 Bye"], await TalkAsync(stream, "QUIT"));
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_named()
    {
        Assert.Equal(2, await RunAsync("--smtp", "0", "--certificate", "none.pem", "--private-key", "none.key").WaitAsync(Patience));
        Assert.Contains("  --certificate and --private-key: cannot be used: ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using TcpListener other = new(System.Net.IPAddress.Loopback, 0);
        other.Start();
        string port = other.LocalEndpoint.ToString()!.Split(':')[1];
        Assert.Equal(1, await RunAsync("--smtp", port).WaitAsync(Patience));
        Assert.Equal($"ehlo: cannot listen on smtp://127.0.0.1:{port}: already in use", _error.ToString().TrimEnd());
    }

    private async Task<Stream> ConnectAsync(string scheme, params string[] args)
    {
        _run = RunAsync(["--smtp", "0", .. args]);
        string line = await _output.Written.WaitAsync(Patience);
        Assert.Matches($@"^Listening {scheme}://127\.0\.0\.1:[1-9]\d*$", line);
        TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", int.Parse(line.Split(':')[2], System.Globalization.CultureInfo.InvariantCulture));
        return client.GetStream();
    }

    private Task<int> RunAsync(params string[] args)
    {
        ProgramContext context = new()
        {
            Output = _output,
            Error = TextWriter.Synchronized(_error),
            Environment = new Hashtable { ["EHLO__ServerName"] = "environment.example" },
            CurrentFolder = _folder,
            MachineName = "sink.test",
            Time = TimeProvider.System,
            ListenForStop = () => _stop,
        };
        return CommandLine.RunAsync(["sink", .. args], (_, _) => throw new InvalidOperationException("That is serve's."), context);
    }

    // The greeting, then the reply to each line.
    private static async Task<string[]> TalkAsync(Stream stream, params string[] lines)
    {
        using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
        List<string> replies = [await ReadReplyAsync(reader)];
        foreach (string line in lines)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
            replies.Add(await ReadReplyAsync(reader));
        }
        return [.. replies];
    }

    private static async Task<string> ReadReplyAsync(StreamReader reader)
    {
        StringBuilder reply = new();
        string line;
        do
        {
            line = await reader.ReadLineAsync().WaitAsync(Patience) ?? throw new EndOfStreamException();
            reply.Append(reply.Length > 0 ? "\n" : "").Append(line);
        }
        while (line[3] == '-');
        return reply.ToString();
    }

    /// <summary>Takes lines, and tells of the first.</summary>
    private sealed class FirstLine : StringWriter
    {
        private readonly TaskCompletionSource<string> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Written => _written.Task;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            _written.TrySetResult(value!);
        }
    }
}

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace Ehlo.Interop.Tests.Clients;

/// <summary>`openssl s_client` with the commands written by hand: TLS as OpenSSL does it, and nothing between us and the wire.</summary>
internal sealed class OpensslClient(string? protocolOption = null) : MailClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public override string Name => "openssl";

    public override Abilities Abilities =>
        Abilities.Tls | Abilities.Auth | Abilities.EightBit | Abilities.SmtpUtf8 | Abilities.Many | Abilities.AnyContent;

    public override async Task SendAsync(Delivery delivery)
    {
        using TempFolder folder = new();
        using Process process = ChildProgram.Start(Name, Arguments(delivery), folder.Path);
        Task<string> error = process.StandardError.ReadToEndAsync();
        using Dialogue dialogue = new(process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
        Task run = RunAsync(dialogue, process, delivery);
        try
        {
            await run.WaitAsync(Patience);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException or DialogueException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"openssl s_client: awaited {dialogue.Awaited}. {exception.Message}\n{await error}");
        }
        // A connection that ends without close_notify is an error to OpenSSL. RFC 8446 section 6.1.
        Assert.True(process.ExitCode == 0, $"openssl s_client ended with {process.ExitCode} after a complete dialogue:\n{await error}");
    }

    // -quiet: no letter at the start of a line is a command to s_client, and standard output is the server's octets alone.
    private List<string> Arguments(Delivery delivery)
    {
        List<string> arguments =
        [
            "s_client", "-quiet", "-connect", $"{delivery.Host}:{delivery.Port}", "-servername", delivery.Host,
            "-CAfile", delivery.AuthorityFile, "-verify_return_error", "-verify_hostname", delivery.Host,
        ];
        if (delivery.Security == Security.StartTls)
        {
            arguments.AddRange(["-starttls", "smtp", "-name", "before-tls.example"]);
        }
        if (protocolOption is not null)
        {
            arguments.Add(protocolOption);
        }
        return arguments;
    }

    private static async Task RunAsync(Dialogue dialogue, Process process, Delivery delivery)
    {
        if (delivery.Security == Security.Implicit)
        {
            await dialogue.ExpectAsync("220", "the greeting");
        }
        await dialogue.CommandAsync("EHLO client.example", "250");
        if (delivery.Login is { } login)
        {
            await LogInAsync(dialogue, login);
        }
        string parameters = delivery.Utf8 ? " BODY=8BITMIME SMTPUTF8" : "";
        foreach (byte[] content in delivery.Contents)
        {
            await dialogue.CommandAsync($"MAIL FROM:<{delivery.From}>{parameters}", "250");
            foreach (string recipient in delivery.To)
            {
                await dialogue.CommandAsync($"RCPT TO:<{recipient}>", "250");
            }
            await dialogue.CommandAsync("DATA", "354");
            await dialogue.WriteAsync(Encode(content));
            await dialogue.ExpectAsync("250", "the reply to the end of data");
        }
        await dialogue.CommandAsync("QUIT", "221");
        process.StandardInput.Close();
        dialogue.Awaited = "the end of openssl after the server closed the connection";
        await process.WaitForExitAsync();
    }

    private static async Task LogInAsync(Dialogue dialogue, Login login)
    {
        if (login.Mechanism == Mechanism.Plain)
        {
            await dialogue.CommandAsync($"AUTH PLAIN {Base64($"\0{login.User}\0{login.Password}")}", "235");
            return;
        }
        await dialogue.CommandAsync("AUTH LOGIN", "334");
        await dialogue.CommandAsync(Base64(login.User), "334");
        await dialogue.CommandAsync(Base64(login.Password), "235");
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    // RFC 5321 section 4.5.2: a line that begins with a dot gets another; then the line that is a dot alone.
    private static byte[] Encode(byte[] content)
    {
        string text = Encoding.Latin1.GetString(content);
        string ended = text.EndsWith("\r\n", StringComparison.Ordinal) ? text : text + "\r\n";
        string stuffed = string.Join("\r\n", ended.Split("\r\n").Select(line => line.StartsWith('.') ? "." + line : line));
        return Encoding.Latin1.GetBytes(stuffed + ".\r\n");
    }

    private sealed class DialogueException(string message) : Exception(message);

    private sealed class Dialogue(Stream toServer, Stream fromServer) : IDisposable
    {
        private readonly StreamReader _replies = new(fromServer, Encoding.Latin1);

        /// <summary>For the message of a time-out.</summary>
        public string Awaited { get; set; } = "the TLS handshake";

        public void Dispose() => _replies.Dispose();

        public async Task CommandAsync(string line, string code)
        {
            await WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"));
            await ExpectAsync(code, $"the reply to {line.Split(' ')[0]}");
        }

        public async Task WriteAsync(byte[] octets)
        {
            await toServer.WriteAsync(octets);
            await toServer.FlushAsync();
        }

        public async Task ExpectAsync(string code, string awaited)
        {
            Awaited = $"{code} as {awaited}";
            string? line;
            do
            {
                line = await _replies.ReadLineAsync() ?? throw new DialogueException("The connection ended.");
            }
            while (line.Length > 3 && line[3] == '-');
            if (!line.StartsWith(code, StringComparison.Ordinal))
            {
                throw new DialogueException($"The server answered: {line}");
            }
        }
    }
}

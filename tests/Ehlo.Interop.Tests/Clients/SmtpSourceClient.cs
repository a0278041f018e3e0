using System;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace Ehlo.Interop.Tests.Clients;

/// <summary>The load generator of Postfix: HELO, one recipient, no pipelining, no TLS.</summary>
internal sealed class SmtpSourceClient : MailClient
{
    public override string Name => "smtp-source";

    public override Abilities Abilities => Abilities.Clear | Abilities.EightBit | Abilities.Many | Abilities.AnyContent;

    public override string HelloVerb => "HELO";

    public override bool TakesManyRecipients => false;

    public override bool RepeatsContent => true;

    public override async Task SendAsync(Delivery delivery)
    {
        using TempFolder folder = new();
        // It ends each line with a CRLF of its own, and sends one content as often as it is told.
        string text = Encoding.Latin1.GetString(delivery.Contents[0]).Replace("\r\n", "\n", StringComparison.Ordinal);
        string file = await folder.WriteAsync("message", Encoding.Latin1.GetBytes(text));
        await ChildProgram.RunAsync(Name,
            ["-M", "client.example", "-f", delivery.From, "-t", Assert.Single(delivery.To), "-F", file,
                "-s", "1", "-m", $"{delivery.Contents.Count}", "-d", $"{delivery.Host}:{delivery.Port}"], folder);
    }

    // It writes the end of data as CRLF, dot, CRLF after the last line's own end, so that an empty line is left at the end.
    public override byte[] Expected(byte[] content) => [.. base.Expected(content), .. "\r\n"u8];
}

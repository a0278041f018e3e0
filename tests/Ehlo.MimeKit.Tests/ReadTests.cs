using System;
using System.IO;
using System.IO.Pipelines;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Server;
using Ehlo.Tests.Support;
using MimeKit;
using Xunit;

namespace Ehlo.MimeKit.Tests;

/// <summary>Content read as a message, in a server and by itself.</summary>
public sealed class ReadTests
{
    private static async Task<MimeMessage> ReadAsync(string content, MimeLimits? limits = null, int segmentOctets = 4096)
    {
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0));
        foreach (byte[] piece in Encoding.UTF8.GetBytes(content).Chunk(segmentOctets)) await pipe.Writer.WriteAsync(piece);
        await pipe.Writer.CompleteAsync();
        return await pipe.Reader.ReadMimeMessageAsync(limits ?? new(), TestContext.Current.CancellationToken);
    }

    private static async Task<Reply> RefusalAsync(string content, MimeLimits limits) =>
        (await Assert.ThrowsAsync<UnreadableMessageException>(() => ReadAsync(content, limits))).Reply;

    private static string Parts(int count) =>
        $"Content-Type: multipart/mixed; boundary=b\r\n\r\n{string.Concat(Enumerable.Repeat("--b\r\n\r\n", count))}--b--\r\n";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task A_message_is_read_whole_in_any_segmentation(int segmentOctets)
    {
        MimeMessage message = await ReadAsync(
            "From: ann@example.org\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                + "--b\r\n\r\nHello.\r\n"
                + "--b\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nAQID\r\n--b--\r\nepilogue\r\n",
            segmentOctets: segmentOctets);
        Assert.Equal("Grüße", message.Subject);
        Assert.Equal("Hello.", message.TextBody!.TrimEnd());
        using MemoryStream octets = new();
        ((MimePart)Assert.Single(message.Attachments)).Content!.DecodeTo(octets);
        Assert.Equal([1, 2, 3], octets.ToArray());
    }

    [Fact]
    public async Task Each_limit_holds_to_the_octet_and_says_so()
    {
        const string Small = "Subject: x\r\n\r\nHello.\r\n";
        await ReadAsync(Small, new() { MaxOctets = Small.Length });
        Assert.Equal(new Reply(552, new(5, 3, 4), "The message has more than 21 octets"), await RefusalAsync(Small, new() { MaxOctets = 21 }));
        const int HeaderOctets = 12;
        await ReadAsync(Small, new() { MaxHeaderOctets = HeaderOctets });
        Assert.Equal(554, (await RefusalAsync(Small, new() { MaxHeaderOctets = HeaderOctets - 1 })).Code);
        await ReadAsync(Parts(9), new() { MaxParts = 10 });
        Assert.Equal("The message has more than 9 parts", (await RefusalAsync(Parts(9), new() { MaxParts = 9 })).Text);
    }

    [Fact]
    public async Task Header_fields_of_parts_count_too()
    {
        string fields = string.Concat(Enumerable.Repeat("a:\r\n", 1000));
        string nested = $"Content-Type: message/rfc822\r\n\r\n{fields}\r\nHello.\r\n";
        Assert.Equal(554, (await RefusalAsync(nested, new() { MaxHeaderOctets = 3000 })).Code);
        string part = $"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{fields}\r\nHello.\r\n--b--\r\n";
        Assert.Equal(554, (await RefusalAsync(part, new() { MaxHeaderOctets = 3000 })).Code);
    }

    [Fact]
    public async Task What_lies_too_deep_is_one_part()
    {
        string chain = string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\r\n\r\n", 500)) + "Subject: x\r\n\r\nHello.\r\n";
        MimeMessage message = await ReadAsync(chain, new() { MaxDepth = 10 });
        int depth = 0;
        for (MimeEntity? entity = message.Body; entity is MessagePart part; entity = part.Message?.Body) depth++;
        Assert.InRange(depth, 1, 10);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no header at all\r\nnor here\r\n")]
    public async Task What_is_no_message_is_554(string content) =>
        Assert.Equal(new EnhancedStatusCode(5, 6, 0), (await RefusalAsync(content, new())).Status);

    [Fact]
    public async Task A_limit_is_above_zero() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReadAsync("Subject: x\r\n\r\n", new() { MaxParts = 0 }));

    [Fact]
    public async Task A_session_class_reads_a_message_and_refuses_what_it_cannot_read()
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        await using SmtpServer server = new(new SmtpServerOptions { Listeners = { listener } }, connection => new SubjectSession(connection));
        server.Start();
        await using SmtpSender sender = new($"smtp://{listener.EndPoint}");
        MimeMessage message = new() { Subject = "Grüße", Body = new TextPart("plain") { Text = "Hello." } };
        message.From.Add(MailboxAddress.Parse("ann@example.org"));
        message.To.Add(MailboxAddress.Parse("bob@example.net"));
        Assert.Equal("Read: Gruesse", (await sender.SendAsync(message).Within("the reply")).Reply.Text);
        Content many = Content.FromText(Parts(2000));
        Reply refused = (await sender.SendAsync(message.ToEnvelope(), many).Within("the refusal")).Reply;
        Assert.Equal((554, "The message has more than 1000 parts"), (refused.Code, refused.Text));
        // The connection goes on.
        Assert.True((await sender.SendAsync(message).Within("the reply")).IsAccepted);
    }

    [Fact]
    public async Task Content_that_is_aborted_stays_aborted()
    {
        Pipe pipe = new();
        await pipe.Writer.WriteAsync("Subject: x\r\n\r\nHel"u8.ToArray());
        await pipe.Writer.CompleteAsync(new ContentAbortedException(ContentAbortReason.TimedOut));
        await Assert.ThrowsAsync<ContentAbortedException>(
            async () => await pipe.Reader.ReadMimeMessageAsync(TestContext.Current.CancellationToken));
    }

    private sealed class SubjectSession(SmtpServerConnection connection) : SmtpSession(connection)
    {
        protected override async ValueTask<Reply> OnMessageAsync(
            MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
        {
            try
            {
                using MimeMessage message = await content.ReadMimeMessageAsync(cancellationToken);
                return Reply.Ok($"Read: {message.Subject?.Replace("üß", "uess", StringComparison.Ordinal)}");
            }
            catch (UnreadableMessageException exception)
            {
                return exception.Reply;
            }
        }
    }
}

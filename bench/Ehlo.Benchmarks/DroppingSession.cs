using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;

namespace Ehlo.Benchmarks;

/// <summary>Reads each message and forgets it.</summary>
internal sealed class DroppingSession(SmtpServerConnection connection) : SmtpSession(connection)
{
    protected internal override async ValueTask<Reply> OnMessageAsync(
        MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await content.ReadAsync(cancellationToken);
            content.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted) return Reply.Ok();
        }
    }
}

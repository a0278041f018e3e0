using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Hosting;

/// <summary>Takes messages. Made anew for each transaction, with services from the transaction's scope.</summary>
public interface IMessageHandler
{
    /// <summary>
    /// The content has begun to arrive; everything that holds for <see cref="Server.SmtpSession.OnMessageAsync"/> holds here: a positive
    /// reply takes responsibility for the message, and content is whole only where <see cref="ReadResult.IsCompleted"/> is true.
    /// </summary>
    /// <param name="context">The envelope, and who sends.</param>
    /// <param name="content">The content, valid until the method returns.</param>
    /// <param name="cancellationToken">Cancelled when the content is aborted or the connection ends.</param>
    ValueTask<Reply> HandleAsync(MessageContext context, PipeReader content, CancellationToken cancellationToken);
}

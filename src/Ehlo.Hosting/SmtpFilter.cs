using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Hosting;

/// <summary>
/// Decides on commands before the default does. Made anew for each session. Filters are asked in the order in which they were added, and
/// the first reply is the decision, be it positive or negative: those behind are not asked then. Null leaves it to the next one.
/// </summary>
public abstract class SmtpFilter
{
    /// <summary>A client has connected. 220 welcomes it; 554 or 521 turns it away; 421 closes.</summary>
    public virtual ValueTask<Reply?> OnConnectAsync(SessionContext context, CancellationToken cancellationToken) => default;

    /// <summary>EHLO or HELO. <see cref="SessionContext.Hello"/> is still the old one.</summary>
    public virtual ValueTask<Reply?> OnHelloAsync(SessionContext context, Hello hello, CancellationToken cancellationToken) => default;

    /// <summary>MAIL. The transaction has no recipient yet.</summary>
    public virtual ValueTask<Reply?> OnMailAsync(MessageContext context, CancellationToken cancellationToken) => default;

    /// <summary>RCPT.</summary>
    public virtual ValueTask<Reply?> OnRcptAsync(MessageContext context, Recipient recipient, CancellationToken cancellationToken) => default;

    /// <summary>
    /// All recipients are known and content is to come: at DATA, before its 354, or at the first chunk of BDAT. So every message passes here.
    /// </summary>
    public virtual ValueTask<Reply?> OnDataAsync(MessageContext context, CancellationToken cancellationToken) => default;
}

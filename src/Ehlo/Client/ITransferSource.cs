using System.Diagnostics.CodeAnalysis;

namespace Ehlo.Client;

/// <summary>Where a <see cref="TransferPipeline"/> has its messages from.</summary>
internal interface ITransferSource
{
    /// <summary>The next, if there is one now.</summary>
    bool TryTake([NotNullWhen(true)] out MessageTransfer? transfer);

    /// <summary>It is finished: its replies are known.</summary>
    void Complete(MessageTransfer transfer);
}

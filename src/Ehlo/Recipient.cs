namespace Ehlo;

/// <summary>A recipient of a mail transaction.</summary>
public sealed class Recipient
{
    internal Recipient(ForwardPath path, RcptParameters parameters) => (Path, Parameters) = (path, parameters);

    /// <summary>The forward-path.</summary>
    public ForwardPath Path { get; }

    /// <summary>The parameters of its RCPT command.</summary>
    public RcptParameters Parameters { get; }

    /// <summary>Its place among the recipients of its transaction, once it is accepted.</summary>
    internal int Index { get; set; }

    /// <summary>The path with its brackets.</summary>
    public override string ToString() => Path.ToString();
}

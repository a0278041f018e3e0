namespace Ehlo.Client;

/// <summary>What was learnt of a server on earlier connections. Written by any of them; each word alone is whole.</summary>
internal sealed class ServerMemory
{
    private volatile BehindContent _behindContent;

    /// <summary>What becomes of commands behind the end of content, in one packet with it.</summary>
    public BehindContent BehindContent
    {
        get => _behindContent;
        set => _behindContent = value;
    }
}

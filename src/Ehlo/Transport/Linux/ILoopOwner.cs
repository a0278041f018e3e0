namespace Ehlo.Transport;

/// <summary>Whom an event loop calls about a socket, on its own thread.</summary>
internal interface ILoopOwner
{
    /// <summary>There may be something to read, for which it was parked.</summary>
    void OnNews();

    /// <summary>A wait takes too long.</summary>
    void OnOverdue();
}

namespace Ehlo.App.Sendmail;

/// <summary>The exit codes that callers of sendmail know, as sysexits.h has them.</summary>
internal static class SysExits
{
    public const int Ok = 0;
    public const int Usage = 64;
    public const int DataError = 65;
    public const int NoUser = 67;
    public const int NoHost = 68;
    public const int Unavailable = 69;
    public const int TemporaryFailure = 75;
    public const int NoPermission = 77;
    public const int Configuration = 78;
}
